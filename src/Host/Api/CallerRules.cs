using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Host.Access;
using Amoe.Host.Live;

namespace Amoe.Host.Api;

/// <summary>
/// Whether a caller may send a command: by the role, by what the command names, and where that is not enough by what the
/// scheme knows of the student or claim.
/// </summary>
internal sealed class CallerRules(ICommandTarget scheme, BusinessDays days)
{
    /// <summary>Refuses a command for itself; null where there is nothing against it so far.</summary>
    public static Refusal? Refuse(Caller caller, Command command) => Permissions.Allows(caller, command);

    /// <summary>True where the scheme has to be asked whose the student or claim is.</summary>
    public static bool MustAsk(Caller caller, Command command) => Scope.QuestionOf(caller, command) != OwnershipQuestion.None;

    /// <summary>
    /// Refuses a command, having asked the scheme where that is needed; null where the caller may send it. A scheme that
    /// does not answer refuses: the caller tries again.
    /// </summary>
    public async ValueTask<Refusal?> RefuseAsync(Caller caller, Command command)
    {
        if (Refuse(caller, command) is { } refusal)
            return refusal;
        var question = Scope.QuestionOf(caller, command);
        if (question == OwnershipQuestion.None)
            return null;
        var reply = await scheme.Ask(new AskStudent(command.Student, ClaimOf(command), days.Today));
        return Scope.Decide(caller, Calls.Of(command.Kind), question, OwnerOf(question, reply.Answer as StudentAnswer));
    }

    private static int? OwnerOf(OwnershipQuestion question, StudentAnswer? answer) => answer switch
    {
        null or { IsKnown: false } => null,
        _ when question == OwnershipQuestion.InstitutionOfStudent => answer.Enrolment.Institution,
        { Provider: 0 } => null,
        _ => answer.Provider,
    };

    private static ulong ClaimOf(Command command) => command switch
    {
        ClaimCommand claim => claim.Claim,
        AskClaim ask => ask.Claim,
        _ => 0,
    };
}
