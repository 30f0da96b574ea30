using System.Runtime.CompilerServices;
using LinqToDB.Common;

namespace Amoe.Engine.Tests;

/// <summary>
/// Interprets the queries of the framework's plugins. linq2db compiles its queries anew for each actor system, and
/// tests start hundreds of them for a moment each: of 20 s of processor time of the suite on snapshots, 3 went into
/// compiling them.
/// </summary>
internal static class InterpretedQueries
{
    [ModuleInitializer]
    internal static void Prepare() =>
        Compilation.SetExpressionCompiler(query => query.Compile(preferInterpretation: true));
}
