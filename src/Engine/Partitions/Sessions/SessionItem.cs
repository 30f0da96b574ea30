using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Partitions.Sessions;

/// <summary>A command, or the mark of a day, that travels in a session.</summary>
/// <param name="Command">The command; null where it is the mark of a day.</param>
/// <param name="Mark">
/// <see cref="CommandKind.OpenDay"/> or <see cref="CommandKind.CloseDay"/>; none for a command.
/// </param>
/// <param name="Day">The day of a mark.</param>
internal readonly record struct SessionItem(Command? Command, CommandKind Mark, DateOnly Day)
{
    // What CommandCodec writes at most: without the lines of a claim, and for each of them.
    private const int CommandBytesMax = 64;
    private const int LineBytesMax = 32;

    public StudentId Student => Command?.Student ?? default;

    public CommandId Id => Command?.Id ?? new CommandId(Mark, 0);

    /// <summary>An upper bound of its bytes on the wire, known without writing it.</summary>
    public int BytesMax => CommandBytesMax + Command switch
    {
        DepositClaim claim => claim.Lines.Length * LineBytesMax,
        CompleteClaim claim => claim.Lines.Length * LineBytesMax,
        _ => 0,
    };

    /// <exception cref="ArgumentException">The command has more lines than can travel.</exception>
    public static SessionItem Of(Command command) => CommandCodec.CanWrite(command)
        ? new SessionItem(command, CommandKind.None, default)
        : throw new ArgumentException(
            $"a claim of more than {CommandCodec.LinesMax} lines cannot travel", nameof(command));

    /// <param name="mark"><see cref="CommandKind.OpenDay"/> or <see cref="CommandKind.CloseDay"/>.</param>
    public static SessionItem OfDay(CommandKind mark, DateOnly day)
    {
        var envelope = Envelope.OfDay(mark, day, NoReply.Instance);
        return new SessionItem(null, envelope.Mark, envelope.Day);
    }

    public Envelope With(IReplyTo replyTo) => new(Command, Mark, Day, replyTo);
}
