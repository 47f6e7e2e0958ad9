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
        var model = new ModelOptions(command);
        var report = new ReportOptions(command);
        command.Runs(
            (parsed, _) =>
            {
                NetworkReport network = model.IsPlainFile(parsed)
                    ? NetworkReport.Load(model.Name(parsed))
                    : NetworkReport.Of(model.Load(parsed));
                report.Print(parsed, network.ToDocument());
                return 0;
            }
        );
        return command;
    }
}
