using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Actors.Addressing;

/// <summary>
/// A command or a question for the actor of a student or a claim. The <see cref="Reply"/> goes to the sender, once all
/// that it rests on is durable.
/// </summary>
/// <remarks>
/// At most once, as between all actors. A sender that receives <see cref="Outcome.Unknown"/>,
/// <see cref="Outcome.Overloaded"/> or no reply sends the same command again: a command that was decided has its first
/// outcome (D9).
/// </remarks>
public abstract record ToActor
{
    private protected ToActor(Command command) => Command = command;

    public Command Command { get; }

    /// <summary>The actor that it is for.</summary>
    public abstract ActorId Recipient { get; }

    /// <summary>Makes the message for the actor that a command is for.</summary>
    public static ToActor Of(Command command) => command switch
    {
        ClaimCommand c => new ToClaim(c),
        AskClaim question => new ToClaim(question),
        _ => new ToStudent(command),
    };
}

/// <summary>A command or a question for a student's actor.</summary>
public sealed record ToStudent : ToActor
{
    /// <exception cref="ArgumentException">It is for a claim.</exception>
    public ToStudent(Command command)
        : base(command)
    {
        if (command is ClaimCommand or AskClaim)
            throw new ArgumentException(
                $"{command.Kind} is for a claim: send it as {nameof(ToClaim)}.", nameof(command));
    }

    public override ActorId Recipient => new(Command.Student);
}

/// <summary>A command or a question for a claim's actor. A deposit makes it.</summary>
public sealed record ToClaim : ToActor
{
    private readonly ulong _claim;

    public ToClaim(ClaimCommand command)
        : base(command) => _claim = command.Claim;

    public ToClaim(AskClaim question)
        : base(question) => _claim = question.Claim;

    public override ActorId Recipient => new(Command.Student, _claim);
}
