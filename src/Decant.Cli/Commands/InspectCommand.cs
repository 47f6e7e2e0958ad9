using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Reports;

namespace Decant.Cli.Commands;

internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command(
            "inspect",
            "Shows a network weight by weight: shape, parameters, multiply-accumulates, non-zeros, and "
                + "bytes as stored. "
                + "Of a .dcnt file every byte is accounted for; of other models the bytes are those of the "
                + "container Decant would write."
        ).WithExample("decant inspect lenet.dcnt");
        Argument<string> model = CommonOptions.Model();
        Option<string?> weights = CommonOptions.Weights();
        Option<bool> json = CommonOptions.AsJson();
        command.Arguments.Add(model);
        command.Options.Add(weights);
        command.Options.Add(json);
        command.SetAction(parsed =>
            Failures.Guard(() =>
            {
                string path = parsed.GetValue(model)!;
                NetworkReport report = parsed.GetValue(weights) is { } state
                    ? NetworkReport.Of(Models.Load(path, weights: state))
                    : NetworkReport.Load(path);
                if (parsed.GetValue(json))
                    Json.Print(report);
                else
                    Show(report);
                return 0;
            })
        );
        return command;
    }

    private static void Show(NetworkReport report)
    {
        Tables.Layers(report.Layers, report.Layers.Sum(l => l.Bytes));
        Tables.Print(
            ["part of the file", "coding", "codebook", "positions", "values", "bytes"],
            report
                .Sections.Select(s =>
                    (IReadOnlyList<string>)
                        [
                            s.Name,
                            s.Coding,
                            Tables.Number(s.Codebook),
                            Tables.Number(s.Positions),
                            Tables.Number(s.Values),
                            Tables.Number(s.Bytes),
                        ]
                )
                .Append(["whole file", "", "", "", "", Tables.Number(report.Bytes)]),
            words: 2
        );
        Console.WriteLine(
            $"{report.Parameters:N0} parameters, {report.NonZeros:N0} not zero, {report.Macs:N0} "
                + $"multiply-accumulates an image\n{report.Bytes:N0} bytes: {report.Ratio:0.0}x smaller than "
                + "32-bit floats"
        );
    }
}
