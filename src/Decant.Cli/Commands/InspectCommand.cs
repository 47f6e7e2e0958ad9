using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Reports;

namespace Decant.Cli.Commands;

internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command(
            "inspect",
            "Shows a network weight by weight: shape, parameters, multiply-accumulates, non-zeros, and "
                + "bytes as stored; then its inputs, outputs and operators, and which nodes have no fast kernel. "
                + "Of a .dcnt file every byte is accounted for; of other models the bytes are those of the "
                + "container Decant would write."
        ).WithExample("decant inspect lenet.dcnt");
        var model = new ModelOptions(command);
        var report = new ReportOptions(command);
        command.Runs(
            (parsed, _) =>
            {
                Network network = model.Load(parsed);
                NetworkReport whole = model.IsPlainFile(parsed)
                    ? NetworkReport.Load(model.Name(parsed))
                    : NetworkReport.Of(network);
                NetworkOutline outline = NetworkOutline.Of(network, model.Description(parsed));
                report.Print(parsed, (whole with { Outline = outline }).ToDocument());
                return 0;
            }
        );
        return command;
    }
}
