using System.Reflection;
using Xunit.Sdk;

namespace Amoe.Host.Tests.Identity;

/// <summary>Runs a test on a vault in files.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InFilesAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[VaultKind.Files]];
}
