using System.CommandLine;

namespace Amoe.Bench.Micro;

/// <summary><c>micro</c>: the parts one by one.</summary>
internal static class MicroVerb
{
    public static Command Create() => new("micro", "The parts one by one (to come).");
}
