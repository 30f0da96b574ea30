using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The days of a run: partitions of ledgers open a day when those of students have closed the one before, and a day is
/// closed when all that was sent on it is answered. What crosses partitions then arrives on the same day, whatever
/// happens.
/// </summary>
internal sealed class BusinessDays
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(20);

    private readonly ClusterWorld _world;
    private readonly DateOnly _last = HurriedLives.LastDay.AddDays((2 * LedgerDecider.ValueDays) + 1);
    private DateOnly _day = HurriedLives.FirstDay;
    private Phase _phase;
    private int _marksLeft;

    public BusinessDays(ClusterWorld world)
    {
        (_world, Today) = (world, _day.AddDays(-1));
        Look();
    }

    private enum Phase
    {
        Ledgers,
        Open,
        Commands,
        Close,
    }

    /// <summary>The day on which what a client sends becomes known.</summary>
    public DateOnly Today { get; private set; }

    public bool AreOver => _day > _last;

    public override string ToString() =>
        $"day {_day:yyyy-MM-dd}, {_phase}, {_marksLeft} marks are not answered, the clients have {string.Join(" and ", _world.Clients.Select(client => client.Left))} commands left";

    private void Look()
    {
        if (AreOver)
            return;
        _world.Time.After(_lookEvery, Look);
        if (_marksLeft > 0)
            return;
        var (students, ledgers) = (_world.Identity.StudentPartitions, _world.Identity.LedgerPartitions);
        switch (_phase++)
        {
            case Phase.Ledgers:
                Mark(CommandKind.OpenDay, students, ledgers);
                Mark(CommandKind.CloseDay, students, ledgers);
                break;
            case Phase.Open:
                Mark(CommandKind.OpenDay, 0, students);
                break;
            case Phase.Commands:
                Today = _day;
                if (_world.Writers.All(client => client.IsDoneBy(_day)) && _world.Now >= EndOfDay())
                    break;
                _phase = Phase.Commands;
                break;
            default:
                Mark(CommandKind.CloseDay, 0, students);
                (_phase, _day) = (Phase.Ledgers, _day.AddDays(1));
                break;
        }
    }

    /// <summary>While there are faults, days are not over at once.</summary>
    private TimeSpan EndOfDay() =>
        _world.Weather.CalmAt * (_day.DayNumber - HurriedLives.FirstDay.DayNumber) / (HurriedLives.LastDay.DayNumber
            - HurriedLives.FirstDay.DayNumber + 1);

    private void Mark(CommandKind mark, int first, int count)
    {
        _marksLeft += count;
        for (var partition = first; partition < first + count; partition++)
            _world.Writers[partition % _world.Writers.Count].Mark(partition, mark, _day, () => _marksLeft--);
    }
}
