using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>
/// The claims of a student that are in memory, in the order in which they came there. Most students have none or one,
/// which needs no array.
/// </summary>
internal readonly struct OpenClaims
{
    // Null, a claim, or an array of several.
    private readonly object? _claims;

    private OpenClaims(object? claims) => _claims = claims;

    /// <summary>How many there are.</summary>
    public int Length => _claims is null ? 0 : _claims is Claim ? 1 : ((Claim[])_claims).Length;

    public Claim this[int index] => _claims as Claim ?? ((Claim[])_claims!)[index];

    /// <summary>The claim of a number; null where there is none.</summary>
    public Claim? Find(ulong number)
    {
        foreach (var claim in this)
        {
            if (claim.Number == number)
                return claim;
        }

        return null;
    }

    /// <summary>With a claim: in the place of the one of its number, or behind all others.</summary>
    public OpenClaims With(Claim claim)
    {
        if (_claims is null)
            return new OpenClaims(claim);
        var claims = ToArray();
        var at = Array.FindIndex(claims, known => known.Number == claim.Number);
        if (at < 0)
            return Of([.. claims, claim]);
        claims[at] = claim;
        return Of(claims);
    }

    /// <summary>Without the claim at an index.</summary>
    public OpenClaims Without(int index)
    {
        if (_claims is Claim)
            return default;
        var claims = ToArray();
        return Of([.. claims[..index], .. claims[(index + 1)..]]);
    }

    public Claim[] ToArray()
    {
        var claims = new Claim[Length];
        for (var i = 0; i < claims.Length; i++)
            claims[i] = this[i];
        return claims;
    }

    public Enumerator GetEnumerator() => new(this);

    private static OpenClaims Of(Claim[] claims) => new(claims.Length == 1 ? claims[0] : claims);

    internal struct Enumerator(OpenClaims claims)
    {
        private int _at = -1;

        public readonly Claim Current => claims[_at];

        public bool MoveNext() => ++_at < claims.Length;
    }
}
