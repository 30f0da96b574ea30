using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Oracle.Harness;

/// <summary>A claim as its events have made it, with every list of missing items it was returned for.</summary>
internal sealed record FoldedClaim(Claim Claim, List<FileItems> Returns);

/// <summary>
/// Every claim of a partition, closed ones too, folded from the journal: the runtime keeps of a closed claim no line.
/// </summary>
internal static class FoldedClaims
{
    public static Dictionary<(StudentId Student, ulong Number), FoldedClaim> Of(
        IJournal journal, int partition, IActorLogic logic)
    {
        var claims = new Dictionary<(StudentId, ulong), FoldedClaim>();
        var students = new Dictionary<StudentId, StudentAggregate>();
        foreach (var entry in History.OfPartition(journal, partition).Where(entry => entry.Header.HasStudent))
        {
            var id = entry.Header.Student;
            if (!students.TryGetValue(id, out var student))
                students.Add(id, student = new StudentAggregate(id));
            foreach (var e in entry.Events)
            {
                var claim = student.ClaimOf(e);
                student.Apply(e, claim, logic);
                if (claim is null)
                    continue;
                claims.TryAdd((id, claim.Number), new FoldedClaim(claim, []));
                if (e is ClaimReturned returned)
                    claims[(id, claim.Number)].Returns.Add(returned.Missing);
            }
        }

        return claims;
    }
}
