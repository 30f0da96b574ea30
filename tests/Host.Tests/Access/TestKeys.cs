using System.Security.Cryptography;
using Amoe.Engine.Domain;
using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>Keys with their secrets, which a file does not have.</summary>
internal static class TestKeys
{
    public static readonly DateTimeOffset Created = new(2025, 9, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a key of a role, and gives its text.</summary>
    public static (StoredKey Key, string Text) New(Role role, DateOnly? expires = null, int? party = null)
    {
        var (id, secret, hash) = (ApiKey.NewId(), ApiKey.NewSecret(), new byte[SHA256.HashSizeInBytes]);
        ApiKey.Hash(secret, hash);
        StudentId? student = role == Role.Student ? Callers.Student : null;
        return (new StoredKey(
            id, hash, $"the {role}", role, Caller.HasParty(role) ? party ?? Callers.Party : null, student, Created,
            expires, null), ApiKey.Text(id, secret));
    }

    /// <summary>Replaces all keys of a file.</summary>
    public static Task WriteAsync(string path, params StoredKey[] keys) =>
        new KeyFile(path).ChangeAsync(_ => keys, TimeProvider.System);
}
