return Tdv.Tool.Commands.CommandLine.Run(args);
