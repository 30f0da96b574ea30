namespace Amoe.Host.Tests.Browser;

/// <summary>A test that needs a <see cref="Chromium"/>: skipped, and said so, where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = ChromiumBinary.Missing;
}

/// <summary>As <see cref="BrowserFactAttribute"/>, once for every row of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = ChromiumBinary.Missing;
}
