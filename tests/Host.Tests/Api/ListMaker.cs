using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Amoe.Host.Api.Lists;

namespace Amoe.Host.Tests.Api;

/// <summary>Writes lists as institutions' programs do.</summary>
internal static class ListMaker
{
    public static readonly Encoding Arabic = CodePagesEncodingProvider.Instance.GetEncoding("windows-1256")!;

    private static readonly string[] _coverages = ["", "", "cnss", "ramed"];

    /// <summary>The columns of <see cref="Row"/>, by their names in JSON.</summary>
    public static readonly string[] Columns =
        ["student", "reference", "born", "category", "cycle", "paid_track", "institution", "bank_account", "year",
            "coverage", "effective"];

    /// <summary>A declaration that may or may not be one: values in the order of the columns.</summary>
    public static string[] Row(Random random, ulong student) =>
    [
        $"{student}", $"{random.Next(1, 4)}", $"{2000 + random.Next(0, 9)}-0{random.Next(1, 9)}-1{random.Next(0, 9)}",
            random.Next(8) == 0 ? "university" : "public_university",
        "higher_education", random.Next(2) == 0 ? "true" : "false", $"{random.Next(1, 3)}", "true",
            $"{TimeProvider.System.GetUtcNow().Year}",
        _coverages[random.Next(_coverages.Length)], random.Next(2) == 0 ? ""
            : $"{TimeProvider.System.GetUtcNow().Year}-01-15",
    ];

    /// <summary>The same as a line of JSON.</summary>
    public static string Json(string[] row) =>
        $"{{\"command\":\"declare\",{string.Join(',', Columns.Zip(row).Where(field => field.Second.Length > 0).Select(field => $"\"{field.First}\":{JsonOf(field.First, field.Second)}"))}}}";

    /// <summary>The same as a row, written in one of the ways that are taken.</summary>
    public static string Csv(Random random, string[] row, char separator, bool hasArabicDigits) =>
        string.Join(separator,
            Columns.Zip(row).Select(field => Written(random, field.First, field.Second, hasArabicDigits)));

    /// <summary>A header with a name of each column, of any language.</summary>
    public static string Header(Random random, char separator) =>
        string.Join(separator,
            Columns.Select(name => ListColumns.Named(name).Names.ToList())
            .Select(names => $"\"{names[random.Next(names.Count)].ToUpperInvariant()}\""));

    public static ByteArrayContent Content(string list, string charset = "utf-8", bool isPacked = false,
        bool hasMark = false)
    {
        var encoding = charset == "utf-8" ? new UTF8Encoding(hasMark) : Arabic;
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(list)];
        using var packed = new MemoryStream();
        if (isPacked)
        {
            using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                packing.Write(bytes);
            bytes = packed.ToArray();
        }

        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv", charset);
        if (isPacked)
            content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static string JsonOf(string column, string value) =>
        column is "born" or "effective" or "category" or "cycle" or "coverage" ? $"\"{value}\"" : value;

    private static string Written(Random random, string column, string value, bool hasArabicDigits)
    {
        var written = column switch
        {
            "born" or "effective" when value.Length > 0 && random.Next(2) == 0 =>
                DateOnly.Parse(value, CultureInfo.InvariantCulture)
                .ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
            "paid_track" or "bank_account" when random.Next(2) == 0 => value == "true" ? "نعم" : "Non",
            "year" when random.Next(2) == 0 => $"{value}/{int.Parse(value, CultureInfo.InvariantCulture) + 1}",
            "category" or "cycle" when random.Next(2) == 0 => value.Replace('_', ' '),
            _ => value,
        };
        if (hasArabicDigits && random.Next(3) == 0 && column is not ("category" or "cycle" or "coverage"))
            written = string.Concat(written.Select(c => char.IsAsciiDigit(c) ? (char)('\u0660' + (c - '0')) : c));
        return random.Next(3) switch { 0 => $"\"{written}\"", 1 => $" {written} ", _ => written };
    }
}
