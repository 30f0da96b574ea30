using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>The answer to a command that the model expects.</summary>
internal readonly record struct OracleReply(Outcome Outcome, Reason Reason = Reason.None)
{
    public static readonly OracleReply Done = new(Outcome.Done);

    public static OracleReply Refused(Reason reason) => new(Outcome.Refused, reason);

    public override string ToString() => Reason == Reason.None ? $"{Outcome}" : $"{Outcome} ({Reason})";
}

/// <summary>
/// The scheme once more, written from its rules and docs/interpretation.md alone: one thread, dirhams in decimals,
/// nothing kept that can be worked out. Commands are taken in the order in which they were decided. It is slow and
/// obvious; where it and the engine disagree, one of them has misread the rules.
/// </summary>
internal sealed class SchemeModel(Scheme scheme)
{
    /// <summary>Attempts from this one on are those of a provider's ledger (X7).</summary>
    private const byte FirstAttemptOfLedgers = 128;

    private readonly Dictionary<StudentId, Person> _people = [];

    public Scheme Scheme => scheme;

    public Sums Sums { get; } = new();

    public IReadOnlyCollection<Person> People => _people.Values;

    public Person? Find(StudentId student) => _people.GetValueOrDefault(student);

    /// <summary>
    /// Decides a command. The same command again has its first answer, its id with other content is a conflict.
    /// </summary>
    public OracleReply Take(Command command)
    {
        if (command is Query)
            return new OracleReply(Outcome.Answered);
        var person = PersonOf(command.Student);
        foreach (var (earlier, answer) in person.Story)
        {
            if (earlier.Id == command.Id)
                return earlier.Fingerprint() == command.Fingerprint() ? answer : new OracleReply(Outcome.Conflict);
        }

        var reply = Decide(person, command);
        person.Story.Add((command, reply));
        Sums.Answered(reply);
        return reply;
    }

    /// <summary>True when a command of this id was answered before.</summary>
    public bool Has(Command command) =>
        Find(command.Student) is { } person && person.Story.Exists(entry => entry.Command.Id == command.Id);

    /// <summary>
    /// Takes note of an answer that is none of the scheme's (a malformed command), so that it is known when it comes
    /// again.
    /// </summary>
    public void Note(Command command, OracleReply reply)
    {
        PersonOf(command.Student).Story.Add((command, reply));
        Sums.Answered(reply);
    }

    private Person PersonOf(StudentId student)
    {
        if (!_people.TryGetValue(student, out var person))
            _people.Add(student, person = new Person(student));
        return person;
    }

    private OracleReply Decide(Person person, Command command)
    {
        switch (command)
        {
            case DepositClaim c:
                return new Files(scheme, Sums).Deposit(person, c);
            case ClaimCommand c:
                return OnClaim(person, c);
            case RequestApproval c:
                return Approvals.Request(person, c);
            case DecideApproval c:
                return OnApproval(
                    person, Approvals.Find(person, c.Reference), () => Approvals.Decide(person, c, scheme));
            case CorrectFact { Fact: CommandKind.DecideApproval } c:
                return OnApproval(person, Facts.ApprovalOf(person, c), () => Facts.Correct(person, c));
            case IssueCertificate c:
                return new Registration(scheme, Sums).Certify(person, c.Effective);
        }

        var reply = OnFact(person, command);

        // Late truth (S5): adjudicated lines are readjudicated by the facts known now.
        if (reply.Outcome != Outcome.Refused)
            new Adjudication(scheme, Sums, person).JudgeStandingsAgain();
        return reply;
    }

    /// <summary>A decision on approval that is learnt, replaced or taken back is a fact like any other (B10).</summary>
    private OracleReply OnApproval(Person person, Approval? approval, Func<OracleReply> decide)
    {
        var reply = decide();
        if (reply.Outcome != Outcome.Refused && approval is not null)
            new Adjudication(scheme, Sums, person).JudgeApprovalsAgain(approval);
        return reply;
    }

    private OracleReply OnFact(Person person, Command command) => command switch
    {
        CarryOverRegistration c => new Registration(scheme, Sums).CarryOver(person, c),
        Declare c => new Registration(scheme, Sums).Declare(person, c),
        ForwardApplication c => Registration.Forward(person, c),
        TransmitApplication => Registration.Transmit(person),
        AnswerFromAnam c => new Registration(scheme, Sums).Answer(person, c),
        ResendRegistration c => new Registration(scheme, Sums).Resend(person, c),
        PayContribution c => new Contributions(scheme, Sums).Pay(person, c),
        ReceiveContribution c => new Contributions(scheme, Sums).Receive(person, c),
        PresentReceipt c => Contributions.PresentReceipt(person, c),
        ReportOtherCoverage c => Coverages.Report(person, c),
        EndOtherCoverage c => Coverages.End(person, c),
        InterruptStudies c => Facts.Study(person, new StudyFact(command.Kind, c.Effective, c.Reason)),
        ChangeInterruptionReason c => Facts.Study(person, new StudyFact(command.Kind, c.Effective, c.Reason)),
        ResumeStudies c => Facts.Study(person, new StudyFact(command.Kind, c.Effective, InterruptionReason.None)),
        DecideExemption c => Facts.Exempt(person, c),
        CorrectFact c => Facts.Correct(person, c),
        _ => throw new NotSupportedException($"the model knows no {command.Kind}"),
    };

    private OracleReply OnClaim(Person person, ClaimCommand command)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.StudentUnknown);
        if (!person.Claims.TryGetValue(command.Claim, out var claim))
            return OracleReply.Refused(Reason.ClaimUnknown);
        var adjudication = new Adjudication(scheme, Sums, person);
        return command switch
        {
            CompleteClaim c => new Files(scheme, Sums).Complete(claim, c),
            ReceiveClaim => adjudication.Receive(claim),
            ResolveDuplicate c => adjudication.Resolve(claim, c.IsDuplicate),
            ReviewClaim c => adjudication.Review(claim, c.Granted),
            AppealClaim => Adjudication.Appeal(claim),
            DecideAppeal c => adjudication.DecideAppeal(claim, c.Granted),
            ReopenClaim => adjudication.Reopen(claim),
            OrderPayment => new Payments(Sums, person).Order(claim),
            ConfirmPayment c => new Payments(Sums, person).Confirm(claim, c.Payment),
            ReportPaymentReturned c => new Payments(Sums, person).ComesBack(claim, c.Payment),
            ReissuePayment => new Payments(Sums, person).Reissue(claim),
            RecoverOverpayment c => new Payments(Sums, person).Recover(claim, c.AmountCentimes / 100m, NamedBy(c)),
            _ => throw new NotSupportedException($"the model knows no {command.Kind}"),
        };
    }

    /// <summary>A ledger of a provider recovers from the provider (X7).</summary>
    private static PaidTo? NamedBy(RecoverOverpayment c) => c switch
    {
        { Attempt: >= FirstAttemptOfLedgers } or { Payee: Payee.Provider } => PaidTo.Provider,
        { Payee: Payee.Student } => PaidTo.Student,
        _ => null,
    };
}
