using Amoe.Chaos.Recording;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Chaos.Checks;

/// <summary>
/// Questions, against the journal: an answer rests on all that was acknowledged before it was asked for, and on nothing
/// that was sent after it came. A host that answers from a memory it lost the partition of says what is over.
/// </summary>
internal sealed class AnswerCheck(List<HistoryEntry> entries, Dictionary<CommandId, Operation> sent)
{
    public static IReadOnlyList<string> Problems(IReadOnlyCollection<Operation> operations, IJournal journal)
    {
        var asked = operations.Where(operation => operation is { Command: Query, IsAnswered: true })
            .ToLookup(operation => operation.Partition);
        var sent = operations.Where(operation => operation.Command is not null and not Query)
            .ToLookup(operation => operation.Command!.Student);
        var problems = new List<string>();
        foreach (var partition in asked)
        {
            var students = partition.Select(question => question.Command!.Student).ToHashSet();
            var entries = History.OfPartition(journal, partition.Key)
                .Where(entry => entry.Header.HasStudent && students.Contains(entry.Header.Student))
                .ToLookup(entry => entry.Header.Student);
            foreach (var questions in partition.GroupBy(question => question.Command!.Student))
            {
                var earliest = sent[questions.Key].OrderBy(operation => operation.Invoked)
                    .DistinctBy(operation => operation.Command!.Id)
                    .ToDictionary(operation => operation.Command!.Id);
                var check = new AnswerCheck([.. entries[questions.Key]], earliest);
                problems.AddRange(questions.Select(check.Problem).OfType<string>());
            }
        }

        return problems;
    }

    private string? Problem(Operation question)
    {
        if (question.Reply.Outcome != Outcome.Answered)
            return $"{question} was answered {question.Reply.Outcome}";
        var known = entries.FindLastIndex(entry =>
            OfEntry(entry) is { } operation && operation.Returned < question.Invoked) + 1;
        var seen = entries.FindIndex(
            known, entry => OfEntry(entry) is { } operation && operation.Invoked > question.Returned);
        var last = seen < 0 ? entries.Count : seen;
        var answers = Answers(question.Command!, last).Skip(known).ToList();
        return answers.Contains(Shown(question.Reply.Answer))
            ? null
            : $"{question}: answered {Shown(question.Reply.Answer)}; with what was acknowledged before it is {answers[0]}{(answers.Count > 1 ? $", or what came of {answers.Count - 1} records more" : "")}";
    }

    private Operation? OfEntry(HistoryEntry entry) =>
        entry.Header.IsCommand ? sent.GetValueOrDefault(entry.Header.Id) : null;

    /// <summary>The answer before the first record, after it, after the second, …</summary>
    private IEnumerable<string> Answers(Command question, int last)
    {
        var student = new StudentAggregate(question.Student);
        yield return Answer(question, student);
        foreach (var entry in entries.Take(last))
        {
            if (entry.Header.Student == question.Student)
                student.Apply(entry.Events);
            yield return Answer(question, student);
        }
    }

    private static string Answer(Command question, StudentAggregate student)
    {
        if (question is AskEntitlement ask)
        {
            var reason = Entitlement.On(student, ask.On);
            return Shown(
                new EntitlementAnswer(reason == Reason.None, reason, Entitlement.CertificateUntil(student, ask.On)));
        }

        var claim = student.FindOpen(((AskClaim)question).Claim);
        return claim is null
            ? Shown(ClaimStatus.None, 0, 0, 0)
            : Shown(claim.Status, claim.PayableCentimes, claim.SettledCentimes, claim.InTransitCentimes);
    }

    private static string Shown(object? answer) => answer switch
    {
        EntitlementAnswer e =>
            $"{(e.Entitled ? "entitled" : $"not entitled ({e.Reason})")}, certificate until {e.CertificateUntil:yyyy-MM-dd}",
        ClaimAnswer c => Shown(c.Status, c.PayableCentimes, c.SettledCentimes, c.InTransitCentimes),
        _ => "nothing",
    };

    private static string Shown(ClaimStatus status, long payable, long settled, long inTransit) =>
        $"{status}, {payable} centimes payable, {settled} settled, {inTransit} in transit";
}
