using System.Text.RegularExpressions;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>
/// Compares the model of one partition's students with the engine's answers to the same commands. A student is no
/// longer compared after a first disagreement, because later ones follow from it.
/// </summary>
internal sealed class PartitionComparison(Scheme scheme, Rulebook rulebook)
{
    private readonly HashSet<StudentId> _lost = [];
    private DateOnly _day;

    public SchemeModel Model { get; } = new(scheme);

    /// <summary>In the order in which they were found.</summary>
    public List<Disagreement> Disagreements { get; } = [];

    public long Compared { get; private set; }

    public bool IsLost(StudentId student) => _lost.Contains(student);

    /// <summary>
    /// The commands of providers' ledgers to a student's claims so far (X7). No sender outside posts them, so no tap
    /// records them. Null where there are no ledgers.
    /// </summary>
    public Func<StudentId, IEnumerable<(Command Command, Reply Reply)>>? FromLedgers { get; init; }

    public void Take(Command command, in Reply reply)
    {
        if (_lost.Contains(command.Student))
            return;
        if (FromLedgers is not null
            && Model.Find(command.Student)?.Claims.Values.Any(claim =>
                claim.AccountOf(PaidTo.Provider) is { Overpaid: > 0 }) == true)
            TakeFromLedgers(command.Student);
        TakeSent(command, reply);
    }

    /// <summary>Takes what ledgers sent to a student and the model has not heard of.</summary>
    public void TakeFromLedgers(StudentId student)
    {
        foreach (var (command, reply) in FromLedgers!(student))
        {
            if (!Model.Has(command))
                TakeSent(command, reply);
        }
    }

    private void TakeSent(Command command, in Reply reply)
    {
        switch (reply.Outcome)
        {
            case Outcome.Unknown or Outcome.Overloaded:
                return;
            case Outcome.Stale:
                if (command.Known >= _day && CommandBounds.IsDay(command.Known))
                    Disagree(command, "an answer, for it is not stale", reply);
                return;
            case Outcome.Answered:
                Answered(command, reply);
                return;
        }

        _day = command.Known > _day && CommandBounds.IsDay(command.Known) ? command.Known : _day;
        Compared++;
        if (reply.Reason is Reason.Malformed or Reason.DateOutOfBounds
            && CommandBounds.Validate(command, rulebook) == reply.Reason
            && !Model.Has(command))
        {
            Model.Note(command, new OracleReply(reply.Outcome, reply.Reason));
            return;
        }

        var expected = Model.Take(command);
        if (expected != new OracleReply(reply.Outcome, reply.Reason))
            Disagree(command, expected.ToString(), reply);
    }

    public void Disagree(StudentId student, string what)
    {
        _lost.Add(student);
        Disagreements.Add(new Disagreement(student, what, Model.Find(student)?.Story ?? []));
    }

    private void Disagree(Command command, string expected, in Reply reply) =>
        Disagree(
            command.Student,
            $"{Described.Of(command)}\n    expected {expected}\n    got      {new OracleReply(reply.Outcome, reply.Reason)}");

    private void Answered(Command query, in Reply reply)
    {
        var person = Model.Find(query.Student) ?? new Person(query.Student);

        // The model looks back from the end of time: of a day to come it knows already what will have fallen due.
        if (query is AskEntitlement on && on.On <= on.Known && reply.Answer is EntitlementAnswer answer)
        {
            var reason = new EntitledDays(person, Model.Scheme).Validate(on.On);
            if (answer.Entitled != (reason == Reason.None) || answer.Reason != reason)
                Disagree(
                    query.Student,
                    $"asked whether he is entitled on {on.On:yyyy-MM-dd}: expected {reason}, got {answer.Reason}");
        }
        else if (query is AskClaim ask
            && reply.Answer is ClaimAnswer given
            && person.Claims.GetValueOrDefault(ask.Claim) is { IsReceived: true } claim
            && ClaimComparison.OfLines(claim, given.Outcomes, given.PayableCentimes) is { } difference)
        {
            Disagree(query.Student, $"asked for claim {ask.Claim}: {difference}");
        }
    }
}

/// <summary>A difference between the model and the engine, with the student's story so far.</summary>
internal sealed partial record Disagreement(
    StudentId Student, string What, IReadOnlyList<(Command Command, OracleReply Reply)> Story)
{
    /// <summary>The difference without names and numbers.</summary>
    public string Kind =>
        Numbers().Replace(What.Split('\n', 2) is [var command, var rest] ? command.Split(' ')[0] + rest : What, "#");

    public override string ToString() =>
        $"student {Student}: {What}\n  as the model has it, in order:\n{string.Join('\n', Story.Select(entry => $"    {Described.Of(entry.Command)}: {entry.Reply}"))}";

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}

/// <summary>A command in one line.</summary>
internal static class Described
{
    public static string Of(Command command)
    {
        var known = command.Known == command.Effective ? "" : $", known {command.Known:yyyy-MM-dd}";
        return $"{command.Id} of {command.Effective:yyyy-MM-dd}{known}{Content(command)}";
    }

    private static string Content(Command command) => command switch
    {
        CarryOverRegistration c => $" year {c.Year} from {c.RightFrom:yyyy-MM-dd}, {Of(c.Enrolment)}",
        Declare c => $" year {c.Year}, coverage {Of(c.Coverage, c.Holder)}, {Of(c.Enrolment)}",
        ForwardApplication c => $" to {c.Desk}",
        AnswerFromAnam c => $" coverage {Of(c.Coverage, c.Holder)}",
        ResendRegistration c => $" year {c.Year}",
        PayContribution c => $" {Dirhams(c.AmountCentimes)} for {c.Year} to {c.Institution}",
        ReceiveContribution c => $" {Dirhams(c.AmountCentimes)} for {c.Year}",
        PresentReceipt c => $" at {c.Institution}",
        ReportOtherCoverage c => $" {Of(c.Coverage, c.Holder)}{(c.ByAnam ? " by ANAM" : "")}",
        EndOtherCoverage c => $" {Of(c.Coverage, c.Holder)}{(c.ByAnam ? " by ANAM" : "")}",
        InterruptStudies c => $" {c.Reason}",
        ChangeInterruptionReason c => $" {c.Reason}",
        DecideExemption c => $" illness {c.Illness} granted {c.Granted} until {c.Until:yyyy-MM-dd}",
        RequestApproval c => $" {c.Act} x {c.Units}",
        DecideApproval c => $" {c.Units} units",
        CorrectFact c => $" {c.Fact} {Of(c.Coverage, c.Holder)}{(c.Request == 0 ? "" : $" of request {c.Request}")}",
        DepositClaim c =>
            $" {c.Way} desk {c.Desk} provider {c.Provider}{(c.PatientIsStudent ? "" : " for another")}: {string.Join("; ", c.Lines.Select(Of))}",
        CompleteClaim c => $" {c.Items} {string.Join("; ", c.Lines.Select(Of))}",
        ConfirmPayment { Payment: > 0 } c => $" payment {c.Payment}",
        ReportPaymentReturned { Payment: > 0 } c => $" payment {c.Payment}",
        ReviewClaim c => $" granted {c.Granted}",
        ResolveDuplicate c => $" duplicate {c.IsDuplicate}",
        DecideAppeal c => $" granted {c.Granted}",
        RecoverOverpayment c => $" {Dirhams(c.AmountCentimes)}{(c.Payee == Payee.None ? "" : $" from the {c.Payee}")}",
        _ => "",
    };

    private static string Of(CoverageKind coverage, CoverageHolder holder) =>
        holder == CoverageHolder.None ? $"{coverage}" : $"{coverage} of {holder}";

    private static string Of(EnrolmentRecord e) =>
        $"institution {e.Institution} {e.Category}/{e.Cycle}{(e.PaidTrack ? " paid track" : "")} born {e.BirthDate:yyyy-MM-dd}";

    private static string Of(ClaimLine line) =>
        $"{line.Act} {line.Sector} {line.CareDate:yyyy-MM-dd} x{line.Quantity} paid {Dirhams(line.PaidCentimes)} stated {Dirhams(line.ReferenceCentimes)}{(line.GenericCentimes == 0 ? "" : $" generic {Dirhams(line.GenericCentimes)}")}"
        + $"{(line.Prosthesis == default ? "" : $" elements {line.Prosthesis.Elements} teeth {line.Prosthesis.Teeth:X8}")} {line.Circumstances}";

    private static string Dirhams(long centimes) => $"{centimes / 100m:0.00}";
}
