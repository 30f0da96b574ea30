using Amoe.Host.Checking;

namespace Amoe.Host.Tests.Checking;

/// <summary>What checks found.</summary>
internal sealed record Checked(int ExitCode, IReadOnlyDictionary<string, Finding> Findings)
{
    public Finding this[string name] => Findings[name];

    public IEnumerable<string> Failed =>
        Findings.Where(found => found.Value.State == CheckState.Failed).Select(found => found.Key);

    public static Checked By(Action<CheckList> run)
    {
        var findings = new Dictionary<string, Finding>();
        var checks = new CheckList(findings.Add);
        run(checks);
        return new Checked(checks.ExitCode, findings);
    }
}
