namespace Amoe.Host.Checking;

/// <summary>
/// Runs checks in the order in which a start of the host would come by them, each although one before has failed. A
/// check fails by the exception that ends the start.
/// </summary>
/// <param name="write">Receives each check's name and finding, as it ends.</param>
internal sealed class CheckList(Action<string, Finding> write)
{
    /// <summary>The exit code of the first failure, with which the start would end; 0 where there is none.</summary>
    public int ExitCode { get; private set; } = Host.ExitCode.Done;

    public void Run(string name, Func<Finding> check)
    {
        Finding finding;
        try
        {
            finding = check();
        }
        catch (Exception e) when (CommandLine.CodeOf(e) is { } code)
        {
            if (ExitCode == Host.ExitCode.Done)
                ExitCode = code;
            finding = new Finding(CheckState.Failed, e.Message);
        }

        write(name, finding);
    }

    /// <summary>Runs a check that later ones need something of.</summary>
    /// <param name="check">Gives it; null where it is not to be had.</param>
    /// <returns>Null where it failed, too.</returns>
    public T? Run<T>(string name, Func<(T? Needed, Finding Finding)> check)
        where T : class
    {
        T? needed = null;
        Run(name, () =>
        {
            (needed, var finding) = check();
            return finding;
        });
        return needed;
    }

    /// <summary>Says of checks that they were not tried.</summary>
    public void Skip(string why, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            write(name, Finding.Warning($"not tried: {why}", "Mend that first."));
    }
}
