using Amoe.Engine.Domain;
using static Amoe.Host.Access.Grant;

namespace Amoe.Host.Access;

/// <summary>How far a role may make a call.</summary>
internal enum Grant : byte
{
    /// <summary>Never: what every call is that the table does not name.</summary>
    No = 0,

    /// <summary>Where the call is about the caller itself, its own students or its own claims.</summary>
    Own = 1,

    /// <summary>About any student and claim.</summary>
    Yes = 2,
}

/// <summary>
/// Which role may make which call: one table, and what it does not name is denied. docs/access.md has it for people.
/// </summary>
internal static class Permissions
{
    private static readonly Role[] Columns =
        [
            Role.Institution, Role.Desk, Role.Provider, Role.MedicalControl, Role.Fund, Role.Anam, Role.Auditor,
            Role.Student, Role.Monitor
        ];

    // Columns are aligned, which the formatter would undo.
#pragma warning disable format
    private static readonly (Call Call, Grant[] Grants)[] Table =
    [
        //                                 institution desk provider medical fund anam auditor student monitor
        (Call.CarryOverRegistration,       [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.Declare,                     [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.ForwardApplication,          [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.TransmitApplication,         [No,        Yes, No,      No,     No,  Yes, No,     No,      No]),
        (Call.AnswerFromAnam,              [No,        No,  No,      No,     No,  Yes, No,     No,      No]),
        (Call.ResendRegistration,          [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.PayContribution,             [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.ReceiveContribution,         [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.PresentReceipt,              [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.ReportOtherCoverage,         [Own,       No,  No,      No,     Yes, Yes, No,     Own,     No]),
        (Call.EndOtherCoverage,            [Own,       No,  No,      No,     Yes, Yes, No,     Own,     No]),
        (Call.InterruptStudies,            [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.ChangeInterruptionReason,    [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.ResumeStudies,               [Own,       No,  No,      No,     No,  No,  No,     No,      No]),
        (Call.DecideExemption,             [No,        No,  No,      Yes,    No,  No,  No,     No,      No]),
        (Call.RequestApproval,             [No,        Yes, Yes,     No,     No,  No,  No,     Own,     No]),
        (Call.DecideApproval,              [No,        No,  No,      Yes,    No,  No,  No,     No,      No]),
        (Call.IssueCertificate,            [No,        No,  No,      No,     Yes, No,  No,     Own,     No]),
        (Call.CorrectFact,                 [No,        No,  No,      No,     Yes, No,  No,     No,      No]),

        (Call.DepositClaim,                [No,        Own, Own,     No,     No,  No,  No,     No,      No]),
        (Call.CompleteClaim,               [No,        Yes, Own,     No,     No,  No,  No,     No,      No]),
        (Call.ReceiveClaim,                [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.OrderPayment,                [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.ConfirmPayment,              [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.ReviewClaim,                 [No,        No,  No,      Yes,    No,  No,  No,     No,      No]),
        (Call.ResolveDuplicate,            [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.AppealClaim,                 [No,        Yes, Own,     No,     No,  No,  No,     Own,     No]),
        (Call.DecideAppeal,                [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.ReportPaymentReturned,       [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.ReissuePayment,              [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.RecoverOverpayment,          [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.ReopenClaim,                 [No,        No,  No,      No,     Yes, No,  No,     No,      No]),

        (Call.AskEntitlement,              [Own,       Yes, Yes,     Yes,    Yes, No,  Yes,    Own,     No]),
        (Call.AskClaim,                    [No,        Yes, Own,     Yes,    Yes, No,  Yes,    Own,     No]),
        (Call.AskStudent,                  [Own,       Yes, No,      Yes,    Yes, Yes, Yes,    Own,     No]),

        (Call.RegisterPerson,              [Yes,       No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.FindPerson,                  [Yes,       Yes, Yes,     Yes,    Yes, Yes, No,     No,      No]),
        (Call.ReadPerson,                  [Own,       No,  No,      No,     Yes, Yes, No,     Own,     No]),
        (Call.CorrectPerson,               [Own,       No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.ErasePerson,                 [No,        No,  No,      No,     Yes, No,  No,     No,      No]),

        (Call.OpenStreams,                 [Yes,       Yes, Yes,     Yes,    Yes, Yes, No,     No,      No]),
        (Call.LoadOpening,                 [No,        No,  No,      No,     Yes, No,  No,     No,      No]),
        (Call.ReadState,                   [No,        No,  No,      No,     Yes, No,  Yes,    No,      Yes]),
    ];
#pragma warning restore format

    private static readonly Grant[] ByNumber = Numbered();

    /// <summary>The roles in the order of the table's columns.</summary>
    public static IReadOnlyList<Role> Roles => Columns;

    /// <summary>The calls in the order of the table's rows.</summary>
    public static IEnumerable<Call> AllCalls => Table.Select(row => row.Call);

    /// <summary>How far a role may make a call; <see cref="No"/> for what is in no table.</summary>
    public static Grant Of(Role role, Call call) =>
        role == Role.None || (byte)role > Columns.Length ? No : ByNumber[At(role, call)];

    /// <summary>True where a role may make a call at all, if only about its own.</summary>
    public static bool IsAllowed(Role role, Call call) => Of(role, call) != No;

    /// <summary>Refuses a call that the caller's role may never make; null where it may.</summary>
    public static Refusal? Allows(Caller caller, Call call) =>
        caller.IsDevelopment || IsAllowed(caller.Role, call) ? null : Refuse(caller, call);

    /// <summary>
    /// Refuses what can be decided from the command alone: the role, and the institution, desk, provider or student
    /// that the command names. Null where it has nothing against it; <see cref="Ownership"/> asks what it cannot know.
    /// </summary>
    public static Refusal? Allows(Caller caller, Command command)
    {
        var call = Calls.Of(command.Kind);
        return caller.IsDevelopment ? null : Allows(caller, call) ?? Scope.OfCommand(caller, call, command);
    }

    /// <summary>The roles that may make a call about any student and claim.</summary>
    public static Role[] Unscoped(Call call) => [.. Columns.Where(role => Of(role, call) == Yes)];

    /// <summary>A sentence without its end that names the roles which may.</summary>
    internal static string Who(Role[] roles) =>
        roles.Length == 0 ? "No role may" : $"{string.Join(", ", roles.Select(Names.Of))} may";

    /// <summary>
    /// Apart from the question, which is asked for each line of a stream: its closure would be allocated there.
    /// </summary>
    private static Refusal Refuse(Caller caller, Call call)
    {
        Role[] roles = [.. Columns.Where(role => IsAllowed(role, call))];
        return new Refusal(
            RefusalCode.RoleNotAllowed, $"The role {Names.Of(caller.Role)} may not {Names.Of(call)}. {Who(roles)}.",
            roles);
    }

    private static int At(Role role, Call call) => (byte)call << 4 | (byte)role;

    private static Grant[] Numbered()
    {
        var grants = new Grant[(byte.MaxValue + 1) << 4];
        foreach (var (call, row) in Table)
        {
            for (var column = 0; column < Columns.Length; column++)
                grants[At(Columns[column], call)] = row[column];
        }

        return grants;
    }
}
