using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>
/// Names an item of a simulation: the place of its sender, and its place among the items of that sender.
/// </summary>
internal readonly record struct ItemKey(int Sender, int Place)
{
    private const int PlacesMax = 5_000;
    private const int MarkEvery = 17;

    private static readonly DateOnly _day = new(2025, 9, 15);

    /// <summary>The item of that name: now and then the mark of a day.</summary>
    public SessionItem ToItem() => Place % MarkEvery == MarkEvery - 1
        ? SessionItem.OfDay(CommandKind.OpenDay, CommandBounds.FirstDay.AddDays((Sender * PlacesMax) + Place))
        : SessionItem.Of(new IssueCertificate(new StudentId((ulong)Sender), (ulong)Place, _day, _day));

    public static ItemKey Of(in Envelope envelope) =>
        Of(new SessionItem(envelope.Command, envelope.Mark, envelope.Day));

    public static ItemKey Of(in SessionItem item)
    {
        if (item.Command is { } command)
            return new ItemKey((int)command.Student.Value, (int)command.Reference);
        var number = item.Day.DayNumber - CommandBounds.FirstDay.DayNumber;
        return new ItemKey(number / PlacesMax, number % PlacesMax);
    }
}
