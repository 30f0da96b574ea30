using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Oracle.Harness;

/// <summary>A claim as its events have made it, with every list of missing items it was returned for.</summary>
internal sealed record FoldedClaim(Claim Claim, List<FileItems> Returns);

/// <summary>Every claim of a shard, closed ones too, folded from the journal: the runtime keeps of a closed claim no line.</summary>
internal static class FoldedClaims
{
    public static Dictionary<(StudentId Student, ulong Number), FoldedClaim> Of(IJournal journal, int shard, IActorLogic logic)
    {
        var claims = new Dictionary<(StudentId, ulong), FoldedClaim>();
        foreach (var entry in History.OfShard(journal, shard))
        {
            foreach (var e in entry.Events.OfType<ClaimEvent>())
            {
                var key = (entry.Header.Student, e.Claim);
                if (!claims.TryGetValue(key, out var folded))
                    claims.Add(key, folded = new FoldedClaim(new Claim(e.Claim), []));
                logic.Evolve(folded.Claim, e);
                if (e is ClaimReturned returned)
                    folded.Returns.Add(returned.Missing);
            }
        }

        return claims;
    }
}
