using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions;

/// <summary>A message on its way to a partition: a command, or the mark of a day.</summary>
internal readonly record struct Envelope(Command? Command, CommandKind Mark, DateOnly Day, IReplyTo ReplyTo)
{
    /// <param name="mark"><see cref="CommandKind.OpenDay"/> or <see cref="CommandKind.CloseDay"/>.</param>
    public static Envelope OfDay(CommandKind mark, DateOnly day, IReplyTo replyTo)
    {
        if (mark is not (CommandKind.OpenDay or CommandKind.CloseDay))
            throw new ArgumentOutOfRangeException(nameof(mark), mark, "a day is opened or closed");
        if (!CommandBounds.IsDay(day))
            throw new ArgumentOutOfRangeException(nameof(day), day, "no partition opens this day");
        return new Envelope(null, mark, day, replyTo);
    }
}

/// <summary>An answer that waits for its turn to be durable.</summary>
internal readonly record struct Answer(IReplyTo ReplyTo, StudentId Student, Reply Reply);
