using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Amoe.Engine.Tests.Conventions;

/// <summary>
/// The compiled assemblies that conventions are held on. Loading one takes seconds of processor time, so all tests
/// share it.
/// </summary>
internal static class Compiled
{
    private static readonly Lazy<Architecture> _engine = new(() => Load(typeof(Amoe.Engine.Rules.Rulebook)));
    private static readonly Lazy<Architecture> _tests = new(() => Load(typeof(Compiled)));

    public static Architecture Engine => _engine.Value;

    /// <summary>This assembly, which has violations made on purpose.</summary>
    public static Architecture Tests => _tests.Value;

    private static Architecture Load(System.Type of) => new ArchLoader().LoadAssemblies(of.Assembly).Build();
}
