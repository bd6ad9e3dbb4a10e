using Spectre.Console;

namespace FlowChat.Commands;

/// <summary>Tables and colours for people; plain lines of any length for pipes and files.</summary>
internal static class Terminal
{
    private const int WideEnough = 400;

    public static IAnsiConsole Open(TextWriter output)
    {
        var isTerminal = output == Console.Out && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
        if (!isTerminal)
        {
            console.Profile.Width = WideEnough;
        }
        return console;
    }

    public static Table Table(this IAnsiConsole console, params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(
            console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.None
        );
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }
        return table;
    }

    /// <summary>A row of what others wrote: brackets in it are no markup.</summary>
    public static void AddPlainRow(this Table table, params ReadOnlySpan<string> cells)
    {
        var row = new Markup[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            row[i] = new Markup(Markup.Escape(cells[i]));
        }
        table.AddRow(row);
    }
}
