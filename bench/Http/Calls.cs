using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Amoe.Bench.Http;

/// <summary>Makes the calls of a run, each about a student of its own.</summary>
/// <param name="key">The key of every call; null where none is asked for.</param>
internal sealed class Calls(string? key)
{
    private static readonly DateOnly _today = DateOnly.FromDateTime(DateTime.UtcNow);
    private static readonly string _born = _today.AddYears(-20).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // The academic year begins in September.
    private static readonly int _year = _today.AddMonths(-8).Year;

    private static readonly string _declaration =
        $$"""{"reference":1,"category":"public_university","cycle":"higher_education","born":"{{_born}}",""" +
        $$""" "paid_track":false,"institution":3,"bank_account":true,"year":{{_year}}}""";

    private readonly string _headers = $"Host: localhost\r\n{(key is null ? "" : $"Authorization: Bearer {key}\r\n")}";

    private long _students;

    /// <summary>A student that no call was about.</summary>
    public long NewStudent() => Interlocked.Increment(ref _students);

    /// <summary>Declares a student.</summary>
    public byte[] Declare(long student) => Encoding.ASCII.GetBytes(
        $"POST /v1/students/{student}/declare HTTP/1.1\r\n{_headers}Content-Type: application/json\r\n"
        + $"Content-Length: {_declaration.Length}\r\n\r\n{_declaration}");

    /// <summary>Asks whether a student is entitled today.</summary>
    public byte[] Entitlement(long student) =>
        Encoding.ASCII.GetBytes($"GET /v1/students/{student}/entitlement HTTP/1.1\r\n{_headers}\r\n");

    /// <summary>Asks whether the person with a CIN is entitled today, which the vault audits.</summary>
    public byte[] EntitlementByCin(long person)
    {
        var body = $$"""{"cin":"{{Persons.CinOf(person)}}"}""";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/entitlement HTTP/1.1\r\n{_headers}Content-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>True where an answer is that the call about this student was done or answered.</summary>
    public static bool IsDone(ReadOnlySpan<byte> answer, long student)
    {
        var name = answer.IndexOf("\"student\":"u8);
        var isDone = answer.IndexOf("\"outcome\":\"done\""u8) >= 0
            || answer.IndexOf("\"outcome\":\"answered\""u8) >= 0;
        return isDone && name >= 0 && Utf8Parser.TryParse(answer[(name + 10)..], out long about, out _)
            && about == student;
    }

    /// <summary>A registration that last year's files bring, so that the student's care is covered.</summary>
    public static string RegistrationLine(long student) =>
        $$"""{"command":"carry_over_registration","student":{{student}},"right_from":"{{Day(-60)}}",{{_declaration[1..]}}""";

    /// <summary>A claim of one to three visits to a general practitioner.</summary>
    public static string ClaimLine(long student)
    {
        var visit =
            $$"""{"act":"general_practitioner","sector":"private","care":"{{Day(-3)}}",""" +
            """ "quantity":1,"paid_centimes":8000}""";
        var visits = string.Join(',', Enumerable.Repeat(visit, (int)(student % 3) + 1));
        return $$"""{"command":"deposit_claim","student":{{student}},"claim":{{student}},"way":"reimbursement",""" +
            $$""" "desk":1,"provider":900,"patient_is_student":true,"without":[],"lines":[{{visits}}]}""";
    }

    private static string Day(int fromToday) =>
        _today.AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
