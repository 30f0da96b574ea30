using Amoe.Engine.Domain;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Replay;
using Amoe.Host.Running;

namespace Amoe.Host.Reports;

/// <summary>A student out of service.</summary>
/// <param name="Host">The host that says so; null where a replay found it.</param>
internal sealed record ListedStudent(StudentOut Out, HostRow? Host);

/// <summary>A partition out of service.</summary>
/// <inheritdoc cref="ListedStudent" path="/param"/>
internal sealed record ListedPartition(PartitionOut Out, HostRow? Host);

/// <summary>The items of a journal that are out of service.</summary>
/// <param name="IsOfHosts">True where hosts were asked; otherwise a replay of the journal found it.</param>
/// <param name="Silent">Hosts that did not answer: what they have is not listed.</param>
internal sealed record QuarantineList(
    string Journal, bool IsOfHosts, IReadOnlyList<ListedStudent> Students, IReadOnlyList<ListedPartition> Partitions,
    IReadOnlyList<HostRow> Silent)
{
    public static QuarantineList Of(string journal, IReadOnlyList<HostSaid> hosts) => new(
        journal, true,
        [.. hosts.SelectMany(host =>
            (host.Answer?.Students ?? []).Select(student => new ListedStudent(student, host.Host)))
                .OrderBy(student => student.Out.Student.Value)],
        [.. hosts.SelectMany(host =>
            (host.Answer?.Partitions ?? []).Select(partition => new ListedPartition(partition, host.Host)))
                .OrderBy(partition => partition.Out.Partition)],
        [.. hosts.Where(host => host.Answer is null).Select(host => host.Host)]);

    public static QuarantineList Of(string journal, QuarantineFound found) => new(
        journal, false, [.. found.Students.Select(student => new ListedStudent(student, null))],
        [.. found.Partitions.Select(partition => new ListedPartition(partition, null))], []);

    public ListedStudent? Find(StudentId student) => Students.FirstOrDefault(listed => listed.Out.Student == student);

    public ListedPartition? FindPartition(int partition) =>
        Partitions.FirstOrDefault(listed => listed.Out.Partition == partition);

    /// <summary>Names each host that did not answer, in a line on standard error.</summary>
    /// <returns>True where there is one.</returns>
    public bool NameSilent(Terminal terminal)
    {
        foreach (var host in Silent)
        {
            terminal.Line(
                $"host {host.Id} ({host.Endpoint}) did not answer within 5 s: what it has out of service is not known. "
                + "Can it be reached, and does it want --tls-certificate and --tls-authority?");
        }

        return Silent.Count > 0;
    }
}
