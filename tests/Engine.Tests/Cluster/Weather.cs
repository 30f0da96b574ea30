using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// Which faults a run has and how often: about half of them, drawn from its seed, because a run that has everything hides what a run with one thing shows.
/// </summary>
internal sealed class Weather
{
    private const Fault FirstLargeFault = Fault.CutOneWay;
    private readonly int[] _perThousand = new int[Enum.GetValues<Fault>().Length];
    private readonly Dice _dice;
    private readonly Tally _tally;

    /// <param name="only">Nothing else happens than these; null where it is drawn.</param>
    public Weather(Dice dice, Tally tally, IReadOnlyList<Fault>? only)
    {
        (_dice, _tally) = (dice, tally);
        var share = dice.Of(0, 30, 60, 90);
        foreach (var fault in Enum.GetValues<Fault>())
            _perThousand[(int)fault] = !(only?.Contains(fault) ?? dice.Chance(share)) ? 0 : fault < FirstLargeFault ? dice.Of(2, 10, 50) : only is null ? 1 + dice.Below(3) : 1;
        Lasts = TimeSpan.FromMilliseconds(4_000 + dice.Below(8_000));
    }

    /// <summary>How long there are faults; then it is calm.</summary>
    public TimeSpan Lasts { get; }

    public bool IsCalm { get; set; }

    /// <summary>The large faults of the run, each with its time.</summary>
    public IEnumerable<(Fault Fault, TimeSpan At)> Large()
    {
        for (var fault = FirstLargeFault; (int)fault < _perThousand.Length; fault++)
        {
            for (var i = 0; i < _perThousand[(int)fault]; i++)
                yield return (fault, TimeSpan.FromMilliseconds(200 + _dice.Below((int)Lasts.TotalMilliseconds - 200)));
        }
    }

    /// <summary>Whether a small fault happens now.</summary>
    public bool Happens(Fault fault)
    {
        if (IsCalm || _perThousand[(int)fault] == 0 || _dice.Below(1_000) >= _perThousand[(int)fault])
            return false;
        _tally.Count(fault);
        return true;
    }

    /// <summary>A thread comes to an item at once, mostly.</summary>
    public TimeSpan WorkDelay() => Micros(_dice.Below(150)) + (Happens(Fault.SlowWork) ? Millis(_dice.Below(200)) : default);

    /// <summary>A commit takes a round trip and a sync; at a store in trouble it arrives when the lease is over.</summary>
    public TimeSpan CommitDelay() => Micros(500 + _dice.Below(2_500)) + (Happens(Fault.SlowCommit) ? Millis(_dice.Below(_dice.Of(100, 1_000, 6_000))) : default);

    /// <summary>A call on the store that writes little, or reads.</summary>
    public TimeSpan CallDelay() => Micros(200 + _dice.Below(800)) + (Happens(Fault.SlowCall) ? Millis(_dice.Below(_dice.Of(100, 4_000))) : default);

    /// <summary>How long it takes to reach the store again.</summary>
    public TimeSpan Reconnecting() => Millis(_dice.Below(_dice.Of(2, 500)));

    /// <summary>What its caller has given up.</summary>
    public TimeSpan LateBy() => Millis(_dice.Below(_dice.Of(3, 100, 5_000)));

    public FrameFate Travel()
    {
        if (Happens(Fault.FrameLost))
            return new FrameFate([]);
        var delay = Micros(50 + _dice.Below(400)) + (Happens(Fault.FrameLate) ? Millis(_dice.Below(_dice.Of(50, 2_000))) : default);
        if (Happens(Fault.FrameTwice))
            return new FrameFate([delay, delay + Millis(_dice.Below(_dice.Of(2, 1_000)))], MayOvertake: true);
        return Happens(Fault.FrameOvertaking) ? new FrameFate([delay + Micros(_dice.Below(3_000))], MayOvertake: true) : new FrameFate([delay]);
    }

    private static TimeSpan Micros(int micros) => TimeSpan.FromMicroseconds(micros);

    private static TimeSpan Millis(int millis) => TimeSpan.FromMilliseconds(millis);
}
