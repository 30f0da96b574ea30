using System.Runtime.CompilerServices;
using LinqToDB.Common;

namespace Amoe.Engine.Tests;

/// <summary>
/// Interprets the queries of the framework's plugins. linq2db compiles its queries anew for each actor system, of which tests start hundreds for a moment each: a
/// third of the processor time of the suites on PostgreSQL went into code that ran a few times.
/// </summary>
internal static class InterpretedQueries
{
    [ModuleInitializer]
    internal static void Prepare() => Compilation.SetExpressionCompiler(query => query.Compile(preferInterpretation: true));
}
