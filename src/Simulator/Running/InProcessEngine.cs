using Amoe.Engine.Journal;

namespace Amoe.Simulator.Running;

/// <summary>Opens the engine that decides in this process: partitions on a file, shards on a database.</summary>
internal static class InProcessEngine
{
    /// <summary>Creates the journal, or opens the one to resume and recovers what it holds.</summary>
    /// <param name="warn">Told, in one line, what is odd and does no harm, such as a snapshot that is torn.</param>
    /// <exception cref="JournalException">It exists and is not to be resumed, is missing and is, was made with something else, is torn, …</exception>
    public static async Task<IEngine> OpenAsync(SimulationRequest request, Action<string> warn, TimeProvider time) =>
        request.Journal.IsPostgres ? await EmbeddedEngine.OpenAsync(request, warn, time) : await PartitionEngine.OpenAsync(request, warn, time);
}
