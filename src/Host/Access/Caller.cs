using Amoe.Engine.Domain;

namespace Amoe.Host.Access;

/// <summary>Who makes a call, as a key or a token says it.</summary>
/// <param name="KeyId">Under which the caller is limited and audited: a key's id, or <c>jwt:</c> and a subject.</param>
/// <param name="Name">For people who read an audit: the name of an office, never of a person.</param>
/// <param name="Role">What the caller may call.</param>
/// <param name="Party">
/// The number of the institution, desk or provider that the caller is; null for other roles.
/// </param>
/// <param name="Student">The student who the caller is; null for other roles.</param>
internal sealed record Caller(string KeyId, string Name, Role Role, int? Party, StudentId? Student)
{
    /// <summary>
    /// True for the key that a host without a file of keys makes and prints at its start: it may make every call. No
    /// file and no token can say this.
    /// </summary>
    public bool IsDevelopment { get; init; }

    /// <summary>The longest <see cref="KeyId"/>, in UTF-16 units: that of a token.</summary>
    public const int KeyIdMax = 4 + JwtAuthentication.SubjectMax;

    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int NameMax = 100;

    /// <summary>True for a role whose callers have a number of their own in the scheme.</summary>
    public static bool HasParty(Role role) => role is Role.Institution or Role.Desk or Role.Provider;

    /// <summary>
    /// Says what is wrong with a role, party and student that go together, as a sentence without its end; null when
    /// nothing is.
    /// </summary>
    public static string? Problem(Role role, int? party, ulong? student) =>
        (HasParty(role), role == Role.Student) switch
        {
            _ when role == Role.None || !Enum.IsDefined(role) => "it has no role",
            (true, _) when party is null => $"the role {Names.Of(role)} needs a party: the number of the {Names.Of(role)}",
            (false, _) when party is not null => $"the role {Names.Of(role)} has no party",
            (_, true) when student is null => "the role student needs a student: the student's number",
            (_, false) when student is not null => $"the role {Names.Of(role)} has no student",
            _ when party <= 0 => $"a party's number is from 1, not {party}",
            _ => null,
        };

    /// <summary>Says what is wrong with a name, as a sentence without its end; null when nothing is.</summary>
    public static string? NameProblem(string name) =>
        string.IsNullOrWhiteSpace(name) ? "the name is empty"
        : name.Length > NameMax ? $"the name is longer than {NameMax} characters"
        : name.Any(char.IsControl) ? "the name has control characters"
        : null;
}
