using Amoe.Engine.Actors;
using Amoe.Engine.Journal;

namespace Amoe.Bench.Ladder;

/// <summary>A runtime on a rung's journal, and what is disposed after it, in this order.</summary>
internal sealed class LadderEngine(IActorRuntime runtime, IJournal journal, params IDisposable[] after)
    : IAsyncDisposable
{
    public IActorRuntime Runtime => runtime;

    /// <summary>The journal that the runtime writes.</summary>
    public IJournal Journal => journal;

    public async ValueTask DisposeAsync()
    {
        await runtime.DisposeAsync();
        foreach (var disposable in after)
            disposable.Dispose();
    }
}
