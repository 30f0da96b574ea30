using System.Diagnostics;
using System.Globalization;

namespace Amoe.Host.Running;

/// <summary>The memory of the process.</summary>
internal static class Memory
{
    private const string LinuxStatus = "/proc/self/status";

    public static long NowBytes => Environment.WorkingSet;

    public static long PeakBytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 is var peak and not 0 ? peak : PeakOnLinux();
        }
    }

    private static long PeakOnLinux()
    {
        if (!File.Exists(LinuxStatus))
            return 0;
        var line = File.ReadLines(LinuxStatus).FirstOrDefault(line =>
            line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null
            ? 0
            : long.Parse(
                line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture) * 1024;
    }
}
