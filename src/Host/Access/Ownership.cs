using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Host.Access;

/// <summary>
/// Decides whether a caller may act: by the role, by what the command names, and where that is not enough by what the
/// scheme knows of the student or claim.
/// </summary>
/// <param name="ask">
/// Asks the scheme about a student, and about a claim where its number is not 0. Throws
/// <see cref="OwnerNotKnownException"/> where the scheme does not answer. Null is a student that does not exist.
/// </param>
internal sealed class Ownership(Func<StudentId, ulong, Task<StudentAnswer?>> ask)
{
    /// <summary>True where the scheme has to be asked whose the student or claim is.</summary>
    public static bool MustAsk(Caller caller, Command command) =>
        Scope.QuestionOf(caller, command) != OwnershipQuestion.None;

    /// <summary>Refuses a command; null where the caller may send it.</summary>
    public ValueTask<Refusal?> RefuseAsync(Caller caller, Command command)
    {
        if (Permissions.Allows(caller, command) is { } refusal)
            return new(refusal);
        var question = Scope.QuestionOf(caller, command);
        return question == OwnershipQuestion.None
            ? default
            : new(AskAsync(caller, Calls.Of(command.Kind), question, command.Student, ClaimOf(command)));
    }

    /// <summary>
    /// Refuses a call about a student that is no command of the engine; null where the caller may make it.
    /// </summary>
    /// <param name="claim">The claim that it is about; 0 where it is about none.</param>
    public ValueTask<Refusal?> RefuseAsync(Caller caller, Call call, StudentId student, ulong claim = 0)
    {
        if ((Permissions.Allows(caller, call) ?? Scope.OfStudent(caller, call, student)) is { } refusal)
            return new(refusal);
        var question = Scope.QuestionOf(caller, call);
        return question == OwnershipQuestion.None ? default : new(AskAsync(caller, call, question, student, claim));
    }

    private async Task<Refusal?> AskAsync(
        Caller caller, Call call, OwnershipQuestion question, StudentId student, ulong claim) =>
        Scope.Decide(caller, call, question, OwnerOf(question, await ask(student, claim)));

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

/// <summary>
/// The scheme does not say whose a student or claim is, so the caller is neither allowed nor refused: a refusal would
/// be taken for an answer.
/// </summary>
/// <param name="outcome">Why not: what became of the question.</param>
internal sealed class OwnerNotKnownException(Outcome outcome)
    : Exception($"the question whose a student or claim is was answered {outcome}")
{
    public Outcome Outcome => outcome;
}
