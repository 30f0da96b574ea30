using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Amoe.Host.Access;

/// <summary>The keys of a file at one moment, found by their ids.</summary>
internal sealed class KeyRing
{
    /// <summary>
    /// Compared with where an id is unknown, so that a wrong key costs the same. It is the hash of no text.
    /// </summary>
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly FrozenDictionary<uint, Entry> _entries;

    public KeyRing(IEnumerable<StoredKey> keys)
        : this(keys, key => key.Caller)
    {
    }

    /// <param name="callerOf">Who the holder of a key is.</param>
    public KeyRing(IEnumerable<StoredKey> keys, Func<StoredKey, Caller> callerOf) =>
        _entries = keys.ToFrozenDictionary(key => key.Id, key => new Entry(key, callerOf(key)));

    public int Count => _entries.Count;

    /// <summary>Gives the holder of a key that is right and valid; null for every other. Allocates nothing.</summary>
    public Caller? Authenticate(ReadOnlySpan<char> presented, TimeProvider time)
    {
        if (!ApiKey.TryParse(presented, out var id, out var secret))
            return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ApiKey.Hash(secret, hash);
        var entry = _entries.GetValueOrDefault(id);
        return CryptographicOperations.FixedTimeEquals(hash, entry?.Hash ?? NoHash)
            && entry is not null
            && entry.IsValid(time) ? entry.Caller : null;
    }

    private sealed class Entry(StoredKey key, Caller caller)
    {
        private readonly bool _revoked = key.Revoked is not null;
        private readonly long _endsTicks = key.Expires is { } last && last < DateOnly.MaxValue
            ? last.AddDays(1).ToDateTime(default).Ticks
            : long.MaxValue;

        public byte[] Hash { get; } = key.Hash;

        public Caller Caller { get; } = caller;

        /// <summary>Reads the clock only for a key that expires.</summary>
        public bool IsValid(TimeProvider time) =>
            !_revoked && (_endsTicks == long.MaxValue || time.GetUtcNow().UtcTicks < _endsTicks);
    }
}
