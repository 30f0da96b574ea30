using System.Text.RegularExpressions;
using Amoe.Engine.Domain;
using Amoe.Engine.Tests;
using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>Which role may make which call.</summary>
public sealed partial class PermissionsTests
{
    [Fact]
    public void The_table_in_the_document_is_that_of_the_code() =>
        Approved.Document(PermissionTable.Path, PermissionTable.Document());

    [Fact]
    public void Each_cell_of_the_document_that_says_no_is_refused_and_each_other_is_allowed()
    {
        var cells = PermissionTable.Cells().ToList();
        Assert.Equal(Permissions.Roles.Count * Permissions.AllCalls.Count(), cells.Count);
        Assert.All(cells, cell =>
        {
            Assert.Equal(cell.Cell is "yes" or "own", Permissions.IsAllowed(cell.Role, cell.Call));
            Assert.Equal(cell.Cell == "no", Permissions.Allows(Callers.Of(cell.Role), cell.Call) is not null);
            Assert.Contains(cell.Cell, (string[])["yes", "own", "no"]);
        });
    }

    [Fact]
    public void Every_command_that_is_sent_is_a_call_of_the_same_name()
    {
        var kinds = Enum.GetValues<CommandKind>().Where(kind => kind.IsCommand()).ToList();
        Assert.True(kinds.Count > 30);
        Assert.All(kinds, kind => Assert.Equal(kind.ToString(), Calls.Of(kind).ToString()));
    }

    [Fact]
    public void Every_call_has_one_row_of_the_table_and_every_role_a_column()
    {
        Assert.Equal(Enum.GetValues<Call>().Where(call => call != Call.None).Order(), Permissions.AllCalls.Order());
        Assert.Equal(Enum.GetValues<Role>().Where(role => role != Role.None).Order(), Permissions.Roles.Order());
    }

    [Fact]
    public void What_no_table_names_is_denied_to_every_role()
    {
        var unnamed = Enumerable.Range(0, 256).Select(number => (Call)number).Except(Permissions.AllCalls).ToList();
        Assert.Contains(Calls.Of(CommandKind.AdoptRulebook), unnamed);
        Assert.All(
            unnamed,
            call => Assert.All(Enum.GetValues<Role>(), role => Assert.False(Permissions.IsAllowed(role, call))));
        Assert.All(
            Permissions.AllCalls,
            call =>
                Assert.All(
                    (Role[])[Role.None, (Role)10, (Role)16, (Role)255],
                    role => Assert.False(Permissions.IsAllowed(role, call))));
    }

    [Fact]
    public void No_role_decides_what_it_asks_for_or_receives_what_it_claims()
    {
        // What two parties have to agree on is not in one hand (B9, B10, X4, D3, K1-K8).
        (Call, Call)[] apart =
        [
            (Call.RequestApproval, Call.DecideApproval), (Call.DepositClaim, Call.ReceiveClaim),
            (Call.DepositClaim, Call.OrderPayment), (Call.AppealClaim, Call.DecideAppeal),
            (Call.Declare, Call.AnswerFromAnam), (Call.PayContribution, Call.ReceiveContribution),
            (Call.OrderPayment, Call.ReviewClaim), (Call.OrderPayment, Call.DecideExemption),
        ];
        Assert.All(
            apart,
            pair =>
                Assert.All(
                    Permissions.Roles,
                    role =>
                        Assert.False(
                            Permissions.IsAllowed(role, pair.Item1) && Permissions.IsAllowed(role, pair.Item2),
                            $"{role}: {pair}")));
    }

    [Fact]
    public void An_auditor_changes_nothing() => Assert.Equal(
        [Call.AskEntitlement, Call.AskClaim, Call.AskStudent, Call.ReadState],
        Permissions.AllCalls.Where(call => Permissions.IsAllowed(Role.Auditor, call)).Order());

    [Fact]
    public void A_monitor_reads_what_hosts_hold_and_makes_no_other_call() => Assert.Equal(
        [Call.ReadState], Permissions.AllCalls.Where(call => Permissions.IsAllowed(Role.Monitor, call)));

    [Fact]
    public void Every_test_that_the_document_names_is_there()
    {
        var named = TestName()
            .Matches(Approved.Read(PermissionTable.Path))
            .Select(match => match.Groups["name"].Value)
            .ToList();
        var tests = typeof(PermissionsTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => method.Name)
            .ToHashSet();

        Assert.True(named.Count > 12);
        Assert.Subset(tests, named.ToHashSet());
    }

    [Fact]
    public void The_document_names_every_role_and_every_code_of_a_refusal()
    {
        var text = Approved.Read(PermissionTable.Path);
        var codes = typeof(RefusalCode).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.True(codes.Count > 3);
        Assert.All(
            codes.Concat(Permissions.Roles.Select(Names.Of)),
            name => Assert.Contains($"\n| `{name}` |", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_refusal_says_what_was_refused_and_which_roles_may()
    {
        var refusal = Permissions.Allows(Callers.Of(Role.Provider), Call.DecideApproval)!;

        Assert.Equal(
            ("role_not_allowed", "The role provider may not decide_approval. medical_control may."),
            (refusal.Code, refusal.Text));
        Assert.Equal([Role.MedicalControl], refusal.Roles);
    }

    /// <summary>A name of several words between backquotes that begins with a capital.</summary>
    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(_[a-z0-9_]+)+)`")]
    private static partial Regex TestName();
}
