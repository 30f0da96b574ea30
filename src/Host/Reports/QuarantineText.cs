using System.Globalization;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>The items out of service, for a person.</summary>
internal static class QuarantineText
{
    private static readonly Style Title = new(decoration: Decoration.Bold);

    public static void Write(IAnsiConsole console, QuarantineList list)
    {
        console.WriteLine(
            $"{list.Journal}: {Plural(list.Students.Count, "student")} and {Plural(list.Partitions.Count, "partition")} out of service, "
            + (list.IsOfHosts ? "as its hosts say" : "by a replay of the journal"));
        if (list.Partitions.Count > 0)
        {
            console.WriteLine();
            console.WriteLine($"{"partition",9}{"host",7}  {"since",-20}  why", Title);
            foreach (var (partition, host) in list.Partitions)
                console.WriteLine(
                    $"{partition.Partition,9}{Number(host?.Id),7}  {Since(partition.Since),-20}  {partition.Why}");
        }

        if (list.Students.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine(
            $"{"student",20}{"partition",11}{"record",13}  {"day",-10}{"host",7}  {"since",-20}  why", Title);
        foreach (var (student, host) in list.Students)
        {
            console.WriteLine(
                $"{student.Student,20}{student.Partition,11}{Format.Count(student.Offset),13}  {Format.Date(student.Day),-10}{Number(host?.Id),7}  {Since(student.Since),-20}  {student.Why}");
        }
    }

    /// <summary>A moment in UTC; a dash where it is not known.</summary>
    /// <param name="since">In milliseconds since 1970.</param>
    public static string Since(long? since) =>
        since is { } moment
            ? DateTimeOffset.FromUnixTimeMilliseconds(moment)
                .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : "-";

    private static string Number(long? host) => host?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Plural(int count, string what) => $"{Format.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
