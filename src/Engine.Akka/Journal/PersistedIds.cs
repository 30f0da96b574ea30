using System.Globalization;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka.Journal;

/// <summary>Whose history is whose: fixed for as long as there are journals.</summary>
internal static class PersistedIds
{
    public const string Calendar = "calendar";

    private const string Student = "student-";

    public static string Of(StudentId student) => $"{Student}{student}";

    public static string OfClaim(StudentId student, ulong number) => $"claim-{student}-{number}";

    public static string OfLedgers(int party) => $"ledgers-{party}";

    public static StudentId StudentOf(string id) => new(ulong.Parse(id.AsSpan(Student.Length), CultureInfo.InvariantCulture));
}
