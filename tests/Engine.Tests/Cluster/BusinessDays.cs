using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>How business time goes on in a run.</summary>
internal interface IBusinessDays
{
    /// <summary>The day on which what a client sends becomes known.</summary>
    DateOnly Today { get; }

    /// <summary>All that the run has to do is done, and each shard has said so.</summary>
    bool AreOver();
}

/// <summary>Days pass whether or not what was sent on them is answered, so that some commands come too late. In the end each shard closes the last one.</summary>
internal sealed class FreeDays(World world, Weather weather, IReadOnlyList<SimulatedClient> clients, int shards) : IBusinessDays
{
    private bool _isClosing;

    public DateOnly Today
    {
        get
        {
            var days = Errands.LastDay.DayNumber - Errands.FirstDay.DayNumber;
            return Errands.FirstDay.AddDays((int)Math.Min(days, world.Now.Ticks * days / weather.Lasts.Ticks));
        }
    }

    public override string ToString() => $"day {Today:yyyy-MM-dd}, the clients have {string.Join(" and ", clients.Select(client => client.Left))} commands left";

    public bool AreOver()
    {
        if (Today < Errands.LastDay || !clients.All(client => client.IsDone))
            return false;
        if (_isClosing)
            return true;
        _isClosing = true;
        for (var shard = 0; shard < shards; shard++)
            clients[shard % clients.Count].Mark(shard, CommandKind.CloseDay, Errands.LastDay, () => { });
        return false;
    }
}

/// <summary>
/// The days of a simulation with ledgers: party shards open a day when the student shards have closed the one before, and a day is closed when all that was sent on
/// it is answered. Then what crosses shards arrives on the same day, whatever happens.
/// </summary>
internal sealed class DayByDay : IBusinessDays
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(20);

    private readonly World _world;
    private readonly Weather _weather;
    private readonly IReadOnlyList<SimulatedClient> _clients;
    private readonly int _students;
    private readonly int _parties;
    private readonly DateOnly _last = Errands.LastDay.AddDays(2 * LedgerDecider.ValueDays + 1);
    private DateOnly _day = Errands.FirstDay;
    private Phase _phase;
    private int _marksLeft;

    public DayByDay(World world, Weather weather, IReadOnlyList<SimulatedClient> clients, int students, int parties)
    {
        (_world, _weather, _clients, _students, _parties) = (world, weather, clients, students, parties);
        Today = _day.AddDays(-1);
        Look();
    }

    private enum Phase
    {
        Parties,
        Open,
        Commands,
        Close,
    }

    public DateOnly Today { get; private set; }

    public bool AreOver() => _day > _last;

    public override string ToString() => $"day {_day:yyyy-MM-dd}, {_phase}, {_marksLeft} marks of shards are not answered, the clients have {string.Join(" and ", _clients.Select(client => client.Left))} commands left";

    private void Look()
    {
        if (AreOver())
            return;
        _world.After(LooksEvery, null, StepKind.Client, 3, Look);
        if (_marksLeft > 0)
            return;
        switch (_phase++)
        {
            case Phase.Parties:
                Mark(CommandKind.OpenDay, _students, _parties);
                Mark(CommandKind.CloseDay, _students, _parties);
                break;
            case Phase.Open:
                Mark(CommandKind.OpenDay, 0, _students);
                break;
            case Phase.Commands:
                Today = _day;
                if (_clients.All(client => client.IsDoneBy(_day)) && _world.Now >= DaysEnd())
                    break;
                _phase = Phase.Commands;
                break;
            default:
                Mark(CommandKind.CloseDay, 0, _students);
                (_phase, _day) = (Phase.Parties, _day.AddDays(1));
                break;
        }
    }

    /// <summary>While there are faults, days are not over at once.</summary>
    private TimeSpan DaysEnd() => _weather.Lasts * (_day.DayNumber - Errands.FirstDay.DayNumber) / (Errands.LastDay.DayNumber - Errands.FirstDay.DayNumber + 1);

    private void Mark(CommandKind mark, int first, int count)
    {
        _marksLeft += count;
        for (var shard = first; shard < first + count; shard++)
            _clients[shard % _clients.Count].Mark(shard, mark, _day, () => _marksLeft--);
    }
}
