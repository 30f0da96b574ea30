using Amoe.Engine.Domain;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>What a step of the world is.</summary>
internal enum StepKind
{
    Work,
    Commit,
    Timer,
    Member,
    Recover,
    Post,
    Store,
    Frame,
    Client,
    Fault,
    Log,
}

/// <summary>
/// Everything that happens in a simulated cluster, one step after the other in one thread: work items of the processes, timers, frames that arrive, faults. How long
/// each takes to come is drawn, and that draws the interleaving: the same seed brings the same run back, and its hash tells whether it is the same.
/// </summary>
internal sealed class World(ulong seed)
{
    private const int TraceLength = 40;

    private readonly PriorityQueue<Step, (long At, long Number)> _agenda = new();
    private readonly Step[] _trace = new Step[TraceLength];
    private long _asked;
    private ulong _hash;

    public ulong Seed => seed;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    public long Steps { get; private set; }

    /// <summary>Of all that happened, in order.</summary>
    public ulong TraceHash => _hash;

    /// <summary>A source of draws of its own: what one part draws does not change what another does.</summary>
    public Dice Dice(ulong stream) => new(Mixing.Mix(seed, stream));

    /// <summary>Has a step made at a process after a time: later while it is frozen, never once it is dead.</summary>
    /// <param name="process">Null for what is nobody's.</param>
    /// <param name="detail">A number for the trace: a shard, a process, bytes.</param>
    public void After(TimeSpan delay, SimulatedProcess? process, StepKind kind, long detail, Action action) =>
        _agenda.Enqueue(new Step(process, kind, detail, action), (Math.Max(0, delay.Ticks) + Now.Ticks, _asked++));

    /// <summary>Notes something in the trace.</summary>
    public void Note(SimulatedProcess? process, StepKind kind, long detail, string what) => Record(new Step(process, kind, detail, null) { What = what });

    /// <summary>Makes the next step; false when nothing will ever happen again.</summary>
    public bool Advance()
    {
        while (_agenda.TryDequeue(out var step, out var key))
        {
            Now = new TimeSpan(Math.Max(Now.Ticks, key.At));
            if (step.Process is { IsDead: true })
                continue;
            if (step.Process is { } process && process.FrozenUntil > Now)
            {
                _agenda.Enqueue(step, (process.FrozenUntil.Ticks, _asked++));
                continue;
            }

            Steps++;
            Record(step);
            SynchronizationContext.SetSynchronizationContext(step.Process?.Context);
            step.Action!();
            return true;
        }

        return false;
    }

    /// <summary>The last steps, a line each.</summary>
    public IEnumerable<string> Trace() => Enumerable.Range(0, TraceLength)
        .Select(i => _trace[(_recorded + i) % TraceLength])
        .Where(step => step.Process is not null || step.What is not null || step.Action is not null)
        .Select(step => $"{step.At.TotalMilliseconds,10:0.000} ms  {step.Process?.Name ?? "world",-8} {step.Kind,-6} {step.Detail} {step.What}");

    private int _recorded;

    private void Record(Step step)
    {
        step.At = Now;
        _trace[_recorded++ % TraceLength] = step;

        // What is said to people is no part of what happens.
        if (step.Kind != StepKind.Log)
            _hash = Mixing.Mix(_hash, (ulong)Now.Ticks ^ ((ulong)step.Kind << 56) ^ ((ulong)step.Detail << 40) ^ ((ulong)(step.Process?.Number ?? 0) << 32));
    }

    private record struct Step(SimulatedProcess? Process, StepKind Kind, long Detail, Action? Action)
    {
        public TimeSpan At { get; set; }

        public string? What { get; init; }
    }
}
