using System.CommandLine;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

internal static class PersonsVerb
{
    public static Command Create(Terminal terminal) => new("persons");
}
