using System.Text;

namespace Amoe.Host.Tests.Api;

/// <summary>Bodies of commands for tests.</summary>
internal static class Lines
{
    public const int Institution = 3;

    /// <summary>The body of a declaration.</summary>
    public static string Declare(ulong reference = 1, int institution = Institution) =>
        $$"""{"reference":{{reference}},"category":"public_university","cycle":"higher_education","born":"2005-04-02","paid_track":false,"institution":{{institution}},"bank_account":true,"year":{{Year}}}""";

    /// <summary>The same as a line of a stream.</summary>
    public static string DeclarationOf(ulong student, int institution = Institution) =>
        $$"""{"command":"declare","student":{{student}},{{Declare(1, institution)[1..]}}""";

    /// <summary>So many declarations, of students from a number on.</summary>
    public static string Declarations(int count, ulong from = 1_000)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < count; i++)
            lines.Append(DeclarationOf(from + (ulong)i)).Append('\n');
        return lines.ToString();
    }

    private static int Year => TimeProvider.System.GetUtcNow().Year;
}
