using Amoe.Engine.Domain;

namespace Amoe.Host.Access;

/// <summary>
/// What is kept of a key: never the secret, and not when it was used, which would make each request a write.
/// </summary>
/// <param name="Id">Unique within a file.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Name">For people; <see cref="Caller.Name"/>.</param>
/// <param name="Role">What its holder may call.</param>
/// <param name="Party">The holder's institution, desk or provider.</param>
/// <param name="Student">The holder, if a student.</param>
/// <param name="Created">When, to the second.</param>
/// <param name="Expires">The last day on which it is valid, in UTC; null: until it is revoked.</param>
/// <param name="Revoked">When it was revoked, to the second; null: it was not.</param>
internal sealed record StoredKey(
    uint Id, byte[] Hash, string Name, Role Role, int? Party, StudentId? Student, DateTimeOffset Created,
    DateOnly? Expires, DateTimeOffset? Revoked)
{
    public string IdText => ApiKey.IdText(Id);

    public Caller Caller => new(IdText, Name, Role, Party, Student);

    /// <summary>What has become of it by a moment: revoked for good, expired, or active.</summary>
    public KeyState StateAt(DateTimeOffset now) =>
        Revoked is not null ? KeyState.Revoked
        : Expires is { } last && DateOnly.FromDateTime(now.UtcDateTime) > last ? KeyState.Expired
        : KeyState.Active;
}

/// <summary>Whether a key opens anything.</summary>
internal enum KeyState : byte
{
    None = 0,
    Active = 1,
    Expired = 2,
    Revoked = 3,
}
