using Amoe.Tests.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>
/// A class whose <see cref="StoreFactAttribute"/>s, inherited ones too, run on <see cref="PrivatePostgres"/>: skipped,
/// and said so, where no server is installed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsPostgresAttribute : Attribute
{
    public static bool IsMissing(ITestMethod method) =>
        PostgresBinaries.Missing is not null
            && method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any();
}

/// <summary>A test of a contract, which runs over several stores.</summary>
[XunitTestCaseDiscoverer("Amoe.Engine.Tests.Postgres.StoreFactDiscoverer", "Amoe.Engine.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>As <see cref="StoreFactAttribute"/>, once for every row of data.</summary>
[XunitTestCaseDiscoverer("Amoe.Engine.Tests.Postgres.StoreTheoryDiscoverer", "Amoe.Engine.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreTheoryAttribute : TheoryAttribute;

public sealed class StoreFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        NeedsPostgresAttribute.IsMissing(testMethod)
            ? new SkippedTestCase(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(),
                discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}

public sealed class StoreTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        NeedsPostgresAttribute.IsMissing(testMethod)
            ? [new SkippedTestCase(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(),
                discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

public sealed class SkippedTestCase : XunitTestCase
{
    [Obsolete("For the runner, which makes it anew from what it serialised.")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(
        IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) => PostgresBinaries.Missing;
}
