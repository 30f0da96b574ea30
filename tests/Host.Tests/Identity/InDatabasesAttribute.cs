using System.Reflection;
using Amoe.Tests.Postgres;
using Xunit.Sdk;

namespace Amoe.Host.Tests.Identity;

/// <summary>Runs a test on a vault in databases: skipped, and said so, where no server is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InDatabasesAttribute : DataAttribute
{
    public InDatabasesAttribute() => Skip = PostgresBinaries.Missing;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[VaultKind.Databases]];
}
