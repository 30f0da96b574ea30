using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Host.Access;

/// <summary>Knows where students are enrolled.</summary>
internal interface IEnrolmentLookup
{
    /// <summary>
    /// The institution of the student's last enrolment; null for a student who is unknown or has none.
    /// </summary>
    int? InstitutionOf(StudentId student);
}

/// <summary>Knows who gave the care that is claimed.</summary>
internal interface IClaimLookup
{
    /// <summary>The provider of a claim; null for a claim that is unknown.</summary>
    int? ProviderOf(StudentId student, ulong claim);
}

/// <summary>
/// Decides whether a caller may act, and looks up what the command does not say. Where looking up has to wait,
/// <see cref="Scope.QuestionOf(Caller, Command)"/> and <see cref="Scope.Decide"/> are its two halves.
/// </summary>
internal sealed class Ownership(IEnrolmentLookup enrolments, IClaimLookup claims)
{
    /// <summary>Refuses a command; null where the caller may send it.</summary>
    public Refusal? Allows(Caller caller, Command command)
    {
        if (Permissions.Allows(caller, command) is { } refusal)
            return refusal;
        var question = Scope.QuestionOf(caller, command);
        return Scope.Decide(caller, Calls.Of(command.Kind), question, Answer(question, command.Student, ClaimOf(command)));
    }

    /// <summary>
    /// Refuses a call about a student that is no command of the engine; null where the caller may make it.
    /// </summary>
    /// <param name="claim">The claim that it is about, where it is about one.</param>
    public Refusal? Allows(Caller caller, Call call, StudentId student, ulong? claim = null)
    {
        if ((Permissions.Allows(caller, call) ?? Scope.OfStudent(caller, call, student)) is { } refusal)
            return refusal;
        var question = Scope.QuestionOf(caller, call);
        return Scope.Decide(caller, call, question, Answer(question, student, claim));
    }

    private int? Answer(OwnershipQuestion question, StudentId student, ulong? claim) => question switch
    {
        OwnershipQuestion.InstitutionOfStudent => enrolments.InstitutionOf(student),
        OwnershipQuestion.ProviderOfClaim when claim is { } number => claims.ProviderOf(student, number),
        _ => null,
    };

    private static ulong? ClaimOf(Command command) => command switch
    {
        ClaimCommand claim => claim.Claim,
        AskClaim ask => ask.Claim,
        _ => null,
    };
}
