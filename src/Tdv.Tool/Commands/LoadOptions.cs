using System.CommandLine;
using Tdv.MLNet;

namespace Tdv.Tool.Commands;

/// <summary>What a file does not tell by itself.</summary>
internal sealed class LoadOptions
{
    private readonly Option<bool> _teacher = new("--teacher")
    {
        Description = "Takes the teacher's frame encoder instead of the student's.",
    };

    private readonly Option<int?> _heads = new("--heads")
    {
        Description = "Attention heads. Default: what the file says, else the width / 64.",
    };

    private readonly Option<bool> _ignoreCls = new("--ignore-cls")
    {
        Description = "The motion encoder does not attend to CLS: for checkpoints of the official launch script.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_teacher);
        command.Options.Add(_heads);
        command.Options.Add(_ignoreCls);
    }

    public TdvLoadOptions Of(ParseResult parsed) =>
        new()
        {
            Teacher = parsed.GetValue(_teacher),
            Heads = parsed.GetValue(_heads),
            AttendCls = parsed.GetValue(_ignoreCls) ? false : null,
        };
}
