using Amoe.Engine.Domain;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>
/// Senders, a partition that restarts and moves, and a network between them, in one thread and virtual time under a
/// seed.
/// </summary>
internal sealed class SessionWorld
{
    private const int PostsEveryMs = 100;
    private const int PostsMax = 8;

    // Late messages and slow writes of the faults have ended by then.
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _progress = TimeSpan.FromSeconds(10);

    private readonly SimulatedSender[] _senders;
    private readonly OwnerRouter _router;
    private readonly Queue<string>? _trace;

    /// <param name="isTraced">Keeps the last steps, to be shown.</param>
    public SessionWorld(ulong seed, SessionDefect defect = SessionDefect.None, bool isTraced = false)
    {
        Dice = new Dice(Mixing.Mix(seed, 0x5E55));
        Defect = defect;
        Weather = new SessionWeather(Dice);
        _trace = isTraced ? new Queue<string>() : null;
        Witness = new SessionWitness(Weather.Senders, Tally);
        Store = new DecisionStore(this);
        Wire = new SimulatedWire(this);
        _router = new OwnerRouter(this);
        _senders = [.. Enumerable.Range(0, Weather.Senders).Select(index => new SimulatedSender(this, index))];
    }

    public Dice Dice { get; }

    public SessionDefect Defect { get; }

    public SessionWeather Weather { get; }

    public VirtualTime Time { get; } = new();

    public SessionTally Tally { get; } = new();

    public SessionWitness Witness { get; }

    public DecisionStore Store { get; }

    public SimulatedWire Wire { get; }

    public IEndpoint Router => _router;

    public TimeSpan Now => Time.Elapsed;

    public bool IsCalm => Now >= Weather.CalmAt;

    /// <summary>True when the callers stop posting.</summary>
    public bool IsOver => Now >= Weather.CalmAt + _settling + TimeSpan.FromSeconds(2);

    public IEnumerable<string> LastSteps => _trace ?? [];

    public void Count(SessionEffect effect) => Tally.Count(effect);

    /// <summary>True so often in a hundred, while there are faults.</summary>
    public bool Strikes(int percent) => !IsCalm && percent > 0 && Dice.Chance(percent);

    public void Trace(Func<string> step)
    {
        if (_trace is null)
            return;
        if (_trace.Count >= 400)
            _trace.Dequeue();
        _trace.Enqueue($"{Now.TotalMilliseconds,10:0.0} {step()}");
    }

    /// <summary>Plays the seed to its end.</summary>
    /// <returns>The promise that is broken, or null.</returns>
    public string? Play()
    {
        _router.Start();
        foreach (var sender in _senders)
            PostNext(sender);
        TroubleNext();
        var end = Weather.CalmAt + _settling + _progress;
        while (Witness.Broken is null && Now < end && Time.RunNext())
        {
            if (IsOver && _senders.All(sender => sender.Unanswered == 0))
                break;
        }

        if (Witness.Broken is null)
            Witness.End(Weather.CalmAt + _settling);
        return Witness.Broken;
    }

    private void PostNext(SimulatedSender sender) =>
        Time.After(TimeSpan.FromMilliseconds(Dice.Below(2 * PostsEveryMs)), () =>
        {
            if (IsOver)
                return;

            // While all is calm and settles, it is enough that something goes on.
            if (!IsCalm || Dice.Chance(20))
                sender.Post(1 + Dice.Below(PostsMax));
            PostNext(sender);
        });

    private void TroubleNext() =>
        Time.After(TimeSpan.FromMilliseconds(Dice.Below(2 * (int)Weather.TroubleEvery.TotalMilliseconds)), () =>
        {
            if (IsCalm)
                return;
            if (Dice.Chance(15))
                FreezeSender();
            else
                _router.Trouble();
            TroubleNext();
        });

    private void FreezeSender()
    {
        Count(SessionEffect.SenderFroze);
        var sender = _senders[Dice.Below(_senders.Length)];
        sender.Freeze();
        Time.After(TimeSpan.FromMilliseconds(Dice.Below(3_000)), sender.Wake);
    }
}
