using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Host.Access;

/// <summary>What has to be known of a student or claim before a caller may act on it.</summary>
internal enum OwnershipQuestion : byte
{
    /// <summary>Nothing: the call is decided.</summary>
    None = 0,

    /// <summary>At which institution the student is enrolled.</summary>
    InstitutionOfStudent = 1,

    /// <summary>Which provider gave the care of the claim.</summary>
    ProviderOfClaim = 2,
}

/// <summary>What a caller's own is, role by role, decided from a command or call without looking anything up.</summary>
internal static class Scope
{
    /// <summary>
    /// Refuses a command that names another than the caller; null where nothing is named, or the caller is.
    /// </summary>
    internal static Refusal? OfCommand(Caller caller, Call call, Command command) => command switch
    {
        ReportOtherCoverage report => Voice(caller, call, report.ByAnam),
        EndOtherCoverage end => Voice(caller, call, end.ByAnam),
        _ => null,
    }
    ?? (Permissions.Of(caller.Role, call) != Grant.Own ? null : caller.Role switch
    {
        Role.Student => OfStudent(caller, call, command.Student),
        Role.Institution when InstitutionOf(command) is { } institution =>
            Named(caller, call, "institution", institution),
        Role.Desk when command is DepositClaim deposit => Named(caller, call, "desk", deposit.Desk),
        Role.Provider when command is DepositClaim deposit =>
            Named(caller, call, "provider", deposit.Provider) ?? ThirdParty(deposit),
        _ => null,
    });

    /// <summary>Refuses a student another student's file; null for other roles.</summary>
    internal static Refusal? OfStudent(Caller caller, Call call, StudentId student) =>
        caller.Role == Role.Student && caller.Student != student
            ? new Refusal(
                RefusalCode.OtherParty,
                $"The call {Names.Of(call)} names another student than the key, which is for one student alone.",
                Permissions.Unscoped(call))
            : null;

    /// <summary>What has to be looked up before a command is allowed.</summary>
    public static OwnershipQuestion QuestionOf(Caller caller, Command command) =>
        Permissions.Of(caller.Role, Calls.Of(command.Kind)) != Grant.Own
            ? OwnershipQuestion.None
            : caller.Role switch
            {
                Role.Institution when InstitutionOf(command) is null => OwnershipQuestion.InstitutionOfStudent,
                Role.Provider when command is not DepositClaim => OwnershipQuestion.ProviderOfClaim,
                _ => OwnershipQuestion.None,
            };

    /// <summary>What has to be looked up before a call about a student, which is no command, is allowed.</summary>
    public static OwnershipQuestion QuestionOf(Caller caller, Call call) =>
        Permissions.Of(caller.Role, call) != Grant.Own
            ? OwnershipQuestion.None
            : caller.Role switch
            {
                Role.Institution => OwnershipQuestion.InstitutionOfStudent,
                Role.Provider => OwnershipQuestion.ProviderOfClaim,
                _ => OwnershipQuestion.None,
            };

    /// <summary>Decides once the answer is there.</summary>
    /// <param name="owner">The institution or provider; null where there is no such student or claim.</param>
    /// <returns>
    /// The same refusal for what is another's and for what does not exist; null where it is the caller's.
    /// </returns>
    public static Refusal? Decide(Caller caller, Call call, OwnershipQuestion question, int? owner)
    {
        if (question == OwnershipQuestion.None || (owner is not null && owner == caller.Party))
            return null;
        var what = question == OwnershipQuestion.InstitutionOfStudent ? "student" : "claim";
        return new Refusal(
            RefusalCode.NotYours,
            $"{Names.Of(caller.Role)} {caller.Party} has no such {what}, and may {Names.Of(call)} only for its own. {Others(call)}",
            Permissions.Unscoped(call));
    }

    /// <summary>The institution that a command names; null where it names none.</summary>
    private static int? InstitutionOf(Command command) => command switch
    {
        Declare declare => declare.Enrolment.Institution,
        PayContribution pay => pay.Institution,
        PresentReceipt receipt => receipt.Institution,
        _ => null,
    };

    private static Refusal? Named(Caller caller, Call call, string what, int named) => named == caller.Party
        ? null
        : new Refusal(
            RefusalCode.OtherParty,
            $"The call {Names.Of(call)} names {what} {named}, and the key is for {what} {caller.Party}. {Others(call)}",
            Permissions.Unscoped(call));

    /// <summary>
    /// What the student paid is claimed by the student, at a desk (K1); a provider claims what the fund pays it (K2).
    /// </summary>
    private static Refusal? ThirdParty(DepositClaim deposit) => deposit.Way == ClaimWay.ThirdParty
        ? null
        : new Refusal(
            RefusalCode.OtherVoice,
            "A provider deposits claims of third-party payment (K2). A claim for reimbursement is the student's, deposited at a desk (K1).",
            [Role.Desk]);

    /// <summary>
    /// Only ANAM confirms that a coverage exists or has ended, because a right resumes on its word alone (S4).
    /// </summary>
    private static Refusal? Voice(Caller caller, Call call, bool byAnam) => byAnam == (caller.Role == Role.Anam)
        ? null
        : byAnam
            ? new Refusal(
                RefusalCode.OtherVoice,
                $"The call {Names.Of(call)} is in the name of ANAM, for which the role anam alone speaks. Others set by_anam to false.",
                [Role.Anam])
            : new Refusal(
                RefusalCode.OtherVoice,
                $"The call {Names.Of(call)} is in the name of the student, and anam speaks for itself: set by_anam to true.",
                [.. Permissions.Roles.Where(role => role != Role.Anam && Permissions.IsAllowed(role, call))]);

    private static string Others(Call call) =>
        Permissions.Unscoped(call) is { Length: > 0 } roles
            ? $"{Permissions.Who(roles)} for any."
            : "No role may for any.";
}
