using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>What is a caller's own.</summary>
public sealed class OwnershipTests
{
    private const ulong OwnClaim = 7;
    private const ulong AnothersClaim = 8;
    private const ulong NoClaim = 9;
    private static readonly DateOnly Day = new(2026, 10, 1);
    private static readonly StudentId Anothers = new(4712);
    private static readonly StudentId Unknown = new(1);

    private readonly Books _books = new();

    private Ownership Ownership => new((student, claim) => Task.FromResult(_books.Ask(student, claim)));

    [Fact]
    public void An_institution_declares_under_its_own_number_alone()
    {
        Assert.Null(Check(Role.Institution, Declares(Callers.Party)));
        Refused(
            Check(Role.Institution, Declares(13)), RefusalCode.OtherParty,
            "The call declare names institution 13, and the key is for institution 12.");
        Assert.Empty(_books.Asked);
    }

    [Fact]
    public void An_institution_has_payments_and_receipts_under_its_own_number_alone()
    {
        Assert.Null(Check(Role.Institution, new PayContribution(Anothers, 1, Day, Day, 40_000, Callers.Party, 2026)));
        Refused(
            Check(Role.Institution, new PayContribution(Callers.Student, 1, Day, Day, 40_000, 13, 2026)),
            RefusalCode.OtherParty, "institution 13");
        Assert.Null(Check(Role.Institution, new PresentReceipt(Callers.Student, 1, Day, Day, Callers.Party)));
        Refused(
            Check(Role.Institution, new PresentReceipt(Callers.Student, 1, Day, Day, 13)), RefusalCode.OtherParty,
            "institution 13");
    }

    public static TheoryData<string> OfAnInstitutionsStudent =>
        [
            nameof(ForwardApplication), nameof(ResendRegistration), nameof(InterruptStudies),
            nameof(ChangeInterruptionReason), nameof(ResumeStudies), nameof(ReportOtherCoverage),
            nameof(EndOtherCoverage), nameof(AskEntitlement)
        ];

    [Theory]
    [MemberData(nameof(OfAnInstitutionsStudent))]
    public void An_institution_acts_on_its_own_students_alone(string command)
    {
        Assert.Null(Check(Role.Institution, About(command, Callers.Student)));
        Refused(
            Check(Role.Institution, About(command, Anothers)), RefusalCode.NotYours,
            "institution 12 has no such student");
        Assert.Equal([Callers.Student, Anothers], _books.Asked.Select(asked => asked.Student));
    }

    [Fact]
    public void A_provider_deposits_third_party_claims_of_its_own_care_alone()
    {
        Assert.Null(Check(Role.Provider, Deposits(ClaimWay.ThirdParty, desk: 2, provider: Callers.Party)));
        Refused(
            Check(Role.Provider, Deposits(ClaimWay.ThirdParty, desk: 2, provider: 13)), RefusalCode.OtherParty,
            "The call deposit_claim names provider 13, and the key is for provider 12.");
        Refused(
            Check(Role.Provider, Deposits(ClaimWay.Reimbursement, desk: 2, provider: Callers.Party)),
            RefusalCode.OtherVoice, "deposited at a desk (K1)");
    }

    [Fact]
    public void A_provider_completes_appeals_and_asks_about_its_own_claims_alone()
    {
        Command[] Of(ulong claim) =>
            [
                new CompleteClaim(Callers.Student, claim, Day, Day, FileItems.None),
                new AppealClaim(Callers.Student, claim, Day, Day), new AskClaim(Callers.Student, claim, Day)
            ];

        Assert.All(Of(OwnClaim), command => Assert.Null(Check(Role.Provider, command)));
        Assert.All(
            Of(AnothersClaim),
            command => Refused(Check(Role.Provider, command), RefusalCode.NotYours, "provider 12 has no such claim"));
    }

    [Fact]
    public void A_provider_asks_whether_any_student_is_entitled() =>
        Assert.Null(Check(Role.Provider, new AskEntitlement(Anothers, Day, Day)));

    [Fact]
    public void A_desk_deposits_at_itself_alone_and_completes_any_claim()
    {
        Assert.Null(Check(Role.Desk, Deposits(ClaimWay.Reimbursement, desk: Callers.Party, provider: 99)));
        Refused(
            Check(Role.Desk, Deposits(ClaimWay.Reimbursement, desk: 2, provider: 99)), RefusalCode.OtherParty,
            "The call deposit_claim names desk 2, and the key is for desk 12.");
        Assert.Null(Check(Role.Desk, new CompleteClaim(Anothers, AnothersClaim, Day, Day, FileItems.None)));
    }

    [Fact]
    public void A_student_acts_on_the_own_file_alone_and_nothing_is_looked_up()
    {
        Command[] Of(StudentId student) =>
            [
                new AskEntitlement(student, Day, Day), new AskClaim(student, OwnClaim, Day),
                new AppealClaim(student, OwnClaim, Day, Day), new IssueCertificate(student, 1, Day, Day),
                About(nameof(ReportOtherCoverage), student)
            ];

        Assert.All(Of(Callers.Student), command => Assert.Null(Check(Role.Student, command)));
        Assert.All(
            Of(Anothers),
            command =>
                Refused(Check(Role.Student, command), RefusalCode.OtherParty, "names another student than the key"));
        Assert.Empty(_books.Asked);
    }

    [Fact]
    public void Only_anam_speaks_for_anam()
    {
        foreach (var command in (Command[])[
            new ReportOtherCoverage(Callers.Student, 1, Day, Day, CoverageKind.Cnss, ByAnam: true),
            new EndOtherCoverage(Callers.Student, 1, Day, Day)
        ])
        {
            Assert.Null(Check(Role.Anam, command));
            Assert.All(
                (Role[])[Role.Institution, Role.Fund, Role.Student],
                role => Refused(Check(role, command), RefusalCode.OtherVoice, "for which the role anam alone speaks"));
        }

        Refused(
            Check(Role.Anam, About(nameof(ReportOtherCoverage), Callers.Student)), RefusalCode.OtherVoice,
            "set by_anam to true");
    }

    [Fact]
    public void A_stranger_cannot_tell_what_is_anothers_from_what_does_not_exist()
    {
        Assert.Equal(
            Text(Check(Role.Institution, About(nameof(ResumeStudies), Anothers))),
            Text(Check(Role.Institution, About(nameof(ResumeStudies), Unknown))));
        Assert.Equal(
            Text(Check(Role.Provider, new AskClaim(Callers.Student, AnothersClaim, Day))),
            Text(Check(Role.Provider, new AskClaim(Callers.Student, NoClaim, Day))));
        Assert.Equal(
            Text(Check(Role.Provider, new AskClaim(Callers.Student, AnothersClaim, Day))),
            Text(Check(Role.Provider, new AskClaim(Unknown, AnothersClaim, Day))));
        Assert.Equal(
            Text(Check(Role.Student, new AskEntitlement(Anothers, Day, Day))),
            Text(Check(Role.Student, new AskEntitlement(Unknown, Day, Day))));

        static (string?, string?) Text(Refusal? refusal) => (refusal?.Code, refusal?.Text);
    }

    [Fact]
    public void A_call_that_is_no_command_has_the_same_scope()
    {
        Assert.Null(Check(Role.Institution, Call.ReadPerson, Callers.Student));
        Refused(
            Check(Role.Institution, Call.ReadPerson, Anothers), RefusalCode.NotYours,
            "institution 12 has no such student");
        Assert.Null(Check(Role.Student, Call.ReadPerson, Callers.Student));
        Refused(Check(Role.Student, Call.ReadPerson, Anothers), RefusalCode.OtherParty, "names another student");
        Assert.Null(Check(Role.Provider, Call.AskClaim, Callers.Student, OwnClaim));
        Refused(
            Check(Role.Provider, Call.AskClaim, Callers.Student, AnothersClaim), RefusalCode.NotYours, "no such claim");
        Refused(
            Check(Role.Provider, Call.ReadPerson, Callers.Student), RefusalCode.RoleNotAllowed, "may not read_person");
        Assert.Null(Check(Role.Anam, Call.ReadPerson, Anothers));
    }

    [Fact]
    public void The_two_halves_of_a_decision_are_the_whole()
    {
        var (caller, command) = (Callers.Of(Role.Institution), About(nameof(ResumeStudies), Anothers));
        var question = Scope.QuestionOf(caller, command);

        Assert.Equal(OwnershipQuestion.InstitutionOfStudent, question);
        Assert.Equal(
            Now(Ownership.RefuseAsync(caller, command))!.Text,
            Scope.Decide(caller, Call.ResumeStudies, question, 13)!.Text);
        Assert.Null(Scope.Decide(caller, Call.ResumeStudies, question, Callers.Party));
        Assert.Equal(OwnershipQuestion.None, Scope.QuestionOf(Callers.Of(Role.Fund), new AskClaim(Anothers, 1, Day)));
    }

    [Fact]
    public void To_allow_a_command_allocates_nothing()
    {
        var (caller, command, institution, declares) = (Callers.Of(Role.Fund), new ReceiveClaim(Anothers, 1, Day, Day),
            Callers.Of(Role.Institution), Declares(Callers.Party));
        var ownership = Ownership;
        Assert.Null(Now(ownership.RefuseAsync(caller, command)));
        Assert.Null(Now(ownership.RefuseAsync(institution, declares)));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            _ = Now(ownership.RefuseAsync(caller, command)) ?? Now(ownership.RefuseAsync(institution, declares));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>
    /// Each cell that says own refuses another's: a row without a rule would let every caller through.
    /// </summary>
    [Fact]
    public void Every_cell_of_the_table_that_says_own_has_a_scope_that_refuses_anothers()
    {
        var own = (from call in Permissions.AllCalls
                   from role in Permissions.Roles
                   where Permissions.Of(role, call) == Grant.Own
                   select (role, call)).ToList();
        Assert.True(own.Count > 20);
        Assert.All(own, cell =>
        {
            var command = Commands(Anothers).FirstOrDefault(command => Calls.Of(command.Kind) == cell.call);
            var refusal = command is null ? Check(cell.role, cell.call, Anothers) : Check(cell.role, command);
            Assert.True(
                refusal?.Code is RefusalCode.NotYours or RefusalCode.OtherParty,
                $"{cell}: {refusal?.Text ?? "allowed"}");
        });
    }

    private Refusal? Check(Role role, Command command) => Now(Ownership.RefuseAsync(Callers.Of(role), command));

    private Refusal? Check(Role role, Call call, StudentId student, ulong claim = 0) =>
        Now(Ownership.RefuseAsync(Callers.Of(role), call, student, claim));

    /// <summary>The books answer at once.</summary>
    private static Refusal? Now(ValueTask<Refusal?> refusing)
    {
        Assert.True(refusing.IsCompletedSuccessfully);
        return refusing.Result;
    }

    private static void Refused(Refusal? refusal, string code, string says)
    {
        Assert.NotNull(refusal);
        Assert.Equal(code, refusal.Code);
        Assert.Contains(says, refusal.Text, StringComparison.Ordinal);
    }

    private static Command About(string name, StudentId student) =>
        Commands(student).Single(command => command.GetType().Name == name);

    /// <summary>Commands to another's student that name another institution, desk and provider too.</summary>
    private static Command[] Commands(StudentId student) =>
    [
        new ForwardApplication(student, 1, Day, Day, ApplicationDesk.Onousc),
        new ResendRegistration(student, 1, Day, Day, 2026),
        new InterruptStudies(student, 1, Day, Day, InterruptionReason.Illness),
        new ChangeInterruptionReason(student, 1, Day, Day, InterruptionReason.Illness),
        new ResumeStudies(student, 1, Day, Day),
        new ReportOtherCoverage(student, 1, Day, Day, CoverageKind.Cnss, ByAnam: false),
        new EndOtherCoverage(student, 1, Day, Day, ByAnam: false),
        new AskEntitlement(student, Day, Day),
        Declares(13) with { Student = student },
        new PayContribution(student, 1, Day, Day, 40_000, 13, 2026),
        new PresentReceipt(student, 1, Day, Day, 13),
        new RequestApproval(student, 1, Day, Day, Act.Physiotherapy, 10),
        new IssueCertificate(student, 1, Day, Day),
        Deposits(ClaimWay.ThirdParty, desk: 2, provider: 13) with { Student = student },
        new CompleteClaim(student, AnothersClaim, Day, Day, FileItems.None),
        new AppealClaim(student, AnothersClaim, Day, Day),
        new AskClaim(student, AnothersClaim, Day),
    ];

    private static Declare Declares(int institution) =>
        new(
            Callers.Student, 1, Day, Day,
            new EnrolmentRecord(
                default, default, PaidTrack: false, institution, new DateOnly(2005, 1, 1), HasBankAccount: false),
            CoverageKind.None, 2026);

    private static DepositClaim Deposits(ClaimWay way, int desk, int provider) =>
        new(Callers.Student, 1, Day, Day, way, desk, provider, PatientIsStudent: true, FileItems.None, []);

    /// <summary>Knows one student of institution 12 and one of 13, and a claim of provider 12 and one of 13.</summary>
    private sealed class Books
    {
        public List<(StudentId Student, ulong Claim)> Asked { get; } = [];

        public StudentAnswer? Ask(StudentId student, ulong claim)
        {
            Asked.Add((student, claim));
            var institution = student == Callers.Student ? Callers.Party : student == Anothers ? 13 : 0;
            var enrolment = new EnrolmentRecord(
                default, default, PaidTrack: false, institution, new DateOnly(2005, 1, 1), HasBankAccount: false);
            return new StudentAnswer(
                ApplicationState.Declared, institution == 0 ? 0 : 2026, enrolment, CoverageKind.None, Reason.None, null)
            {
                Provider = student != Callers.Student
                    ? 0
                    : claim == OwnClaim ? Callers.Party : claim == AnothersClaim ? 13 : 0,
            };
        }
    }
}
