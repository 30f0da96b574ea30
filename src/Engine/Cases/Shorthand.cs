using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Cases;

/// <summary>
/// Finds the commands in a row that are one step of a case: those that <see cref="StepCatalog"/> makes of its
/// shorthands.
/// </summary>
/// <param name="What">The shorthand's name.</param>
/// <param name="Count">How many commands it is.</param>
internal readonly record struct Shorthand(string What, int Count)
{
    /// <summary>The longest that the commands begin with; null where there is none.</summary>
    /// <param name="commands">One after the other, nothing between.</param>
    public static Shorthand? At(ReadOnlySpan<Command> commands) => commands switch
    {
        [Declare { Coverage: CoverageKind.None, Holder: CoverageHolder.None } declared, ForwardApplication forwarded,
                TransmitApplication sent, AnswerFromAnam answered, ..]
            when forwarded.Desk == Registration.DeskOf(declared.Enrolment.Category)
                && declared.Known == forwarded.Known && forwarded.Effective == forwarded.Known
                && SameDay(forwarded, sent) && SameDay(sent, answered) => new("registered", 4),
        [PayContribution paid, ReceiveContribution received, ..]
            when (paid.AmountCentimes, paid.Year) == (received.AmountCentimes, received.Year)
                && SameDay(paid, received) => new("contributed", 2),
        [RequestApproval asked, DecideApproval decided, ..]
            when (asked.Reference, asked.Units) == (decided.Reference, decided.Units)
                && SameDay(asked, decided) => new("approved", 2),
        [DepositClaim deposited, ReceiveClaim received, ..] when OfOneClaim(deposited, received) =>
            IsPaid(commands[2..]) && OfOneClaim(deposited, (ClaimCommand)commands[2])
                ? new("paid_claim", 4)
                : new("claim", 2),
        _ when IsPaid(commands) => new("paid", 2),
        _ => null,
    };

    private static bool IsPaid(ReadOnlySpan<Command> commands) =>
        commands is [OrderPayment ordered, ConfirmPayment { Payment: 0 } confirmed, ..]
            && OfOneClaim(ordered, confirmed);

    private static bool OfOneClaim(ClaimCommand first, ClaimCommand second) =>
        first.Claim == second.Claim && SameDay(first, second);

    private static bool SameDay(Command first, Command second) =>
        (first.Effective, first.Known) == (second.Effective, second.Known);
}
