using System.Globalization;

namespace Amoe.Bench.Ladder;

/// <summary>The figures of a process in /proc.</summary>
/// <param name="CpuSeconds">Its own.</param>
/// <param name="EndedCpuSeconds">
/// Of those it started, and those they started, once they have ended and were waited for.
/// </param>
internal sealed record ProcessStat(string Name, int Parent, double CpuSeconds, double EndedCpuSeconds)
{
    // The unit of /proc, on every Linux there is.
    private const double TicksPerSecond = 100;

    /// <summary>Null where there is no such process, or this is no Linux.</summary>
    public static ProcessStat? Of(int pid)
    {
        try
        {
            // «pid (name) state parent …», and the name may hold anything.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(
                text[(text.IndexOf('(') + 1)..text.LastIndexOf(')')], (int)Number(1), Seconds(11), Seconds(13));

            long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);

            double Seconds(int field) => (Number(field) + Number(field + 1)) / TicksPerSecond;
        }
        catch (IOException)
        {
            // There is none, or it has ended meanwhile.
            return null;
        }
    }
}
